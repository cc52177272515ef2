"""The run's checks as JUnit XML, in the run's own folder; `--junitxml` of pytest is another file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from .results import Verdict
from .run_report import verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .evidence import Evidence
    from .results import CheckResult
    from .run_report import RunReport

# what XML 1.0 cannot hold at all, not even escaped
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(report: RunReport) -> str:
    """Return one test suite with a case per check; an unknown is an error, a red a failure."""
    verdicts = [verdict_of(each) for each in report.results]
    suites = ET.Element("testsuites")
    suite = ET.SubElement(
        suites,
        "testsuite",
        name="qa",
        tests=str(len(verdicts)),
        failures=str(verdicts.count(Verdict.RED)),
        errors=str(verdicts.count(Verdict.UNKNOWN)),
        skipped=str(verdicts.count(Verdict.NOT_EXERCISED)),
        time=f"{report.seconds:.3f}",
        timestamp=report.started,
    )
    facts = report.facts
    _properties(
        suite,
        {
            "qa.run": facts.run_id,
            "qa.target": facts.target,
            "qa.account": str(facts.account),
            "qa.regions": ",".join(facts.regions),
            "qa.stacks": ",".join(facts.stacks),
        },
    )
    evidence = {each.nodeid: each for each in report.evidence}
    for result in report.results:
        _case(suite, result, evidence.get(result.nodeid))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, result: CheckResult, evidence: Evidence | None) -> None:
    path, _, name = result.nodeid.rpartition("::")
    case = ET.SubElement(
        suite,
        "testcase",
        classname=path.removesuffix(".py").replace("/", "."),
        name=name,
        time=f"{result.seconds:.3f}",
    )
    properties = {"qa.check": result.check}
    for each in result.regions:
        properties[f"qa.verdict.{each.region}"] = each.verdict.value
        properties[f"qa.seconds.{each.region}"] = f"{each.seconds:.3f}"
    if evidence is not None:
        properties["qa.reproduce"] = evidence.reproduce
    _properties(case, properties)
    kind = {Verdict.RED: "failure", Verdict.UNKNOWN: "error", Verdict.NOT_EXERCISED: "skipped"}
    tag = kind.get(verdict_of(result))
    if tag is not None:
        words = evidence.words if evidence else result.reason or "no evidence: the worker ended before it"
        fault = ET.SubElement(case, tag, message=_clean(words))
        fault.text = _clean(evidence.failure) if evidence else None


def _properties(parent: ET.Element, by_name: Mapping[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in by_name.items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))


def _clean(text: str) -> str:
    return _NO_XML.sub("�", text)
