"""The forms of the report: what each of them tells, and that nothing in it is taken for markup."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from qa.report.evidence import evidence_of_json, evidence_to_json
from qa.report.folder import FILES, write_report
from qa.report.html import render_html
from qa.report.junit import render_junit
from qa.report.markdown import render_markdown, render_step_summary
from qa.report.run_report import headline, report_to_json

from .sample import EVIDENCE, GREEN_RUN, NODEID, RED_RUN

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Reads a page: its text, its attributes, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_headline_counts_verdicts() -> None:
    assert (headline(GREEN_RUN), headline(RED_RUN)) == ("1 check: 1 green", "2 checks: 1 green, 1 red")


def test_the_page_is_well_formed_and_tells_words_values_and_how_to_reproduce() -> None:
    page = Page(render_html(RED_RUN))

    assert page.open == []
    assert EVIDENCE.words in page.text
    assert EVIDENCE.reproduce in page.text
    assert '{"id": {"S": "<b>1</b>"}}' in page.text
    assert "could not be fetched: AccessDenied" in page.text


def test_the_page_asks_nobody_for_anything() -> None:
    page = Page(render_html(RED_RUN))

    addresses = [value for name, value in page.attributes if name in {"src", "href", "action", "data"}]
    assert addresses == ["#evidence-T2"]
    assert "url(" not in render_html(RED_RUN)
    assert "@import" not in render_html(RED_RUN)


def test_the_page_of_a_green_run_has_no_evidence_and_draws_resources_and_bounds() -> None:
    text = Page(render_html(GREEN_RUN)).text

    assert "Evidence" not in text
    assert "RPO (T1) – 0.70 s of at most 5 s: kept" in text
    assert "replication lag – 2 measured, median 0.60 s, largest 0.70 s" in text
    assert "Handler needs Role" in text
    assert "the target answers no more" in text


def test_the_markdown_of_a_green_run() -> None:
    assert render_markdown(GREEN_RUN).splitlines() == [
        "## 1 check: 1 green",
        "",
        "Shop-dev in us-east-1 and us-west-2 · embedded · account 123456789012 · run `qa-0a1b2c3d`",
        "",
        "| check |  | us-east-1 | us-west-2 |",
        "|---|---|---|---|",
        "| T1 | the table is healthy | ✅ 0.25 s | ✅ 0.40 s |",
        "",
        "| measured | check | n | median | largest | at most |",
        "|---|---|---|---|---|---|",
        "| replication lag | T1 | 2 | 0.60 s | 0.70 s | – |",
        "| rpo | T1 | 1 | 0.70 s | 0.70 s | 5 s |",
    ]


def test_no_value_breaks_out_of_its_markdown_cell_or_block() -> None:
    lines = render_markdown(RED_RUN).splitlines()

    assert '| us-east-1 | {"id": {"S": "&lt;b&gt;1&lt;/b&gt;"}} |' in lines
    start = lines.index("````")
    assert lines[start : start + 4] == ["````", "```", "START", "````"]


def test_a_step_summary_leaves_out_evidence_that_does_not_fit() -> None:
    text = render_step_summary(RED_RUN, limit=900)

    assert "More evidence stands in report.html" in text
    assert EVIDENCE.reproduce not in text
    assert EVIDENCE.reproduce in render_step_summary(RED_RUN)


def test_the_junit_file_tells_failures_with_their_words_and_properties() -> None:
    suite = ET.fromstring(render_junit(RED_RUN))[0]  # noqa: S314 - written a moment ago by ourselves

    assert {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    case = suite.findall("testcase")[1]
    assert (case.attrib["classname"], case.attrib["name"]) == (
        "tests.live.test_table",
        "test_a_record_arrives",
    )
    assert {each.attrib["name"]: each.attrib["value"] for each in case.findall("properties/property")} == {
        "qa.check": "T2",
        "qa.verdict.us-west-2": "red",
        "qa.seconds.us-west-2": "10.000",
        "qa.reproduce": EVIDENCE.reproduce,
    }
    assert [(each.tag, each.attrib["message"]) for each in case[1:]] == [("failure", EVIDENCE.words)]


def test_evidence_survives_its_file() -> None:
    parsed = json.loads(json.dumps(evidence_to_json(EVIDENCE)))

    assert evidence_of_json(parsed) == EVIDENCE


def test_the_data_of_a_run_tells_each_check_with_its_worst_verdict() -> None:
    parsed = report_to_json(RED_RUN)

    assert [(each["nodeid"], each["verdict"]) for each in parsed["checks"]] == [
        ("tests/live/test_table.py::test_the_table_is_healthy", "green"),
        (NODEID, "red"),
    ]
    assert parsed["counts"] == {"green": 1, "red": 1}


def test_a_folder_holds_every_form(tmp_path: Path) -> None:
    paths = write_report(RED_RUN, tmp_path / "run")

    assert [path.name for path in paths] == list(FILES)
    assert all(re.search("T2", path.read_text(encoding="utf-8")) for path in paths)
