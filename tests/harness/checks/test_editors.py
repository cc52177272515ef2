"""What docs/editors.md tells an editor to look for is what `qa check --format line` prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

from qa.checks import check
from qa.checks.reporting import Report, as_lines, located
from qa.template import load_template
from tests.harness.checks.small import REGIONS

PAGE = Path("docs/editors.md").read_text(encoding="utf-8")
TEMPLATE = "lib/failures/original.json"


def test_the_problem_matcher_finds_every_line_with_its_place_severity_and_rule() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    pattern = json.loads(block)["tasks"][0]["problemMatcher"]["pattern"]
    template = load_template(TEMPLATE)
    findings = located(check(template, regions=REGIONS), template)
    report = Report(templates=(TEMPLATE,), regions=REGIONS, findings=findings, unread=())

    seen = [re.fullmatch(pattern["regexp"], line) for line in as_lines(report).splitlines()]

    parts = ("file", "line", "column", "severity", "code")
    assert [tuple(match[pattern[part]] for part in parts) for match in seen if match] == [
        (
            each.template,
            str(each.position.line),
            str(each.position.column),
            each.finding.severity.value,
            each.finding.rule,
        )
        for each in findings
    ]


def test_the_example_is_what_the_command_prints() -> None:
    command, printed = re.findall(r"```\n\$ qa check --format line (\S+)\n(.*?)```", PAGE, re.DOTALL)[0]
    template = load_template(command)
    findings = located(check(template, regions=("us-east-1", "us-west-2")), template)

    report = Report(templates=(command,), regions=REGIONS, findings=findings, unread=())

    assert as_lines(report) == printed
