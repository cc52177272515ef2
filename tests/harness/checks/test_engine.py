"""Which rules run, in which order findings come, and what holds for all."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.checks import RULES, check
from qa.checks.document import rules_document
from qa.errors import UsageError
from qa.template import load_template, template_of
from tests.harness.checks.small import REGIONS, body, resource

FAULTY = body(
    {
        "B": resource("AWS::SNS::Topic", Bogus=1, Tags="x"),
        "A": resource("AWS::SNS::Topic", Bogus={"Ref": "Gone"}),
    }
)


def _found(**options: Any) -> list[tuple[str | None, str]]:
    findings = check(template_of(FAULTY), regions=REGIONS, **options)
    return [(finding.logical_id, finding.rule) for finding in findings]


def test_findings_come_in_template_order_then_in_the_catalogues() -> None:
    assert _found() == [
        ("B", "unknown-property"),
        ("B", "wrong-type"),
        ("A", "unknown-property"),
        ("A", "missing-target"),
    ]


def test_rules_are_selected_and_ignored() -> None:
    assert [
        _found(select=["wrong-type", "missing-target"]),
        _found(ignore=["unknown-property", "wrong-type"]),
    ] == [
        [("B", "wrong-type"), ("A", "missing-target")],
        [("A", "missing-target")],
    ]


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_rule_that_there_is_not_is_refused(option: str) -> None:
    with pytest.raises(
        UsageError, match=re.escape("there is no rule 'typo'; `qa check --list-rules` lists them")
    ):
        _found(**{option: ["typo"]})


def test_suppression_of_a_rule_that_there_is_not_is_refused() -> None:
    message = "there is no rule 'typo'; `qa check --list-rules` lists them"

    with pytest.raises(UsageError, match=re.escape(message)):
        _found(suppress={"typo:A": "why"})


def test_every_rule_has_an_id_of_its_own() -> None:
    names = [rule.id for rule in RULES]

    assert names == list(dict.fromkeys(names))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_explains_itself(rule: object) -> None:
    explained = next(each for each in RULES if each is rule)

    assert re.fullmatch(r"[a-z][a-z0-9-]+", explained.id)
    assert len(explained.title) <= 110
    assert explained.title.endswith(".")
    assert len(explained.explanation) > len(explained.title) + 40
    assert explained.source.startswith("https://")


def test_page_of_the_rules_is_theirs() -> None:
    assert Path("docs/rules.md").read_text(encoding="utf-8") == rules_document()


@pytest.mark.parametrize("regions", [("us-east-1",), ("us-west-2",), REGIONS, ("eu-west-1", "eu-central-1")])
def test_stack_of_the_project_is_clean_in_any_regions(regions: tuple[str, ...]) -> None:
    assert check(load_template("lib/TapStack.json"), regions=regions) == ()


def test_checks_need_neither_cfn_lint_nor_an_aws_library() -> None:
    code = (
        "import sys; from qa.checks import check; from qa.template import load_template; "
        "check(load_template('lib/failures/original.json'), regions=('us-east-1', 'us-west-2')); "
        "print([name for name in ('cfnlint', 'boto3', 'botocore', 'moto', 'pytest') if name in sys.modules])"
    )
    import subprocess  # noqa: PLC0415 - this test alone

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )

    assert done.stdout == "[]\n"
