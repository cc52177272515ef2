"""Findings that do not count, the reason with them; and what could not be looked into."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks import Finding, Severity
from tests.harness.checks.small import TOPIC, body, found, resource

METADATA = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html"
MACROS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html"
BROKEN = resource("AWS::SNS::Topic", Bogus=1)


def _suppress(*entries: Any) -> dict[str, Any]:
    return {"qa": {"suppress": list(entries)}}


def _reasons(template: dict[str, Any], **options: Any) -> list[tuple[str | None, str | None]]:
    return [(each.logical_id, each.suppressed) for each in found("unknown-property", template, **options)]


def test_resource_suppresses_its_own() -> None:
    entry = {"rule": "unknown-property", "reason": "a beta"}
    template = body({"A": {**BROKEN, "Metadata": _suppress(entry)}, "B": BROKEN})

    assert _reasons(template) == [("A", "a beta"), ("B", None)]


def test_template_suppresses_everywhere_and_a_resource_says_it_better() -> None:
    near, far = ({"rule": "unknown-property", "reason": reason} for reason in ("near", "far"))
    template = body({"A": {**BROKEN, "Metadata": _suppress(near)}, "B": BROKEN}, Metadata=_suppress(far))

    assert _reasons(template) == [("A", "near"), ("B", "far")]


def test_settings_suppress_a_rule_or_it_at_one_resource() -> None:
    template = body({"A": BROKEN, "B": BROKEN})

    assert [
        _reasons(template, suppress={"unknown-property": "all"}),
        _reasons(template, suppress={"unknown-property:B": "one"}),
    ] == [[("A", "all"), ("B", "all")], [("A", None), ("B", "one")]]


def test_suppression_of_another_rule_does_nothing() -> None:
    entry = {"rule": "wrong-type", "reason": "no"}

    assert _reasons(body({"A": {**BROKEN, "Metadata": _suppress(entry)}})) == [("A", None)]


def test_suppression_without_a_reason_is_told_and_does_nothing() -> None:
    entry = {"rule": "unknown-property", "reason": " "}
    template = body({"A": {**BROKEN, "Metadata": _suppress(entry)}})

    assert (_reasons(template), found("malformed-suppression", template)) == (
        [("A", None)],
        (
            Finding(
                rule="malformed-suppression",
                severity=Severity.WARNING,
                region=None,
                logical_id="A",
                path=("Resources", "A", "Metadata", "qa", "suppress", 0),
                message="a suppression needs a rule and a reason; this one does nothing",
                actual=entry,
                expected='{"rule": "<ID>", "reason": "<why it does not count>"}',
                fix="name the rule (`qa check --list-rules`) and the reason",
                source=METADATA,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("metadata", "count"),
    [
        ({}, 0),
        ({"qa": "x"}, 0),
        (_suppress({"rule": "wrong-type", "reason": "why"}), 0),
        (_suppress({"rule": "typo", "reason": "why"}), 1),
        ({"qa": {"suppress": {"rule": "r"}}}, 1),
        (_suppress("r", {"reason": "why"}), 2),
    ],
    ids=["none", "other", "good", "no rule", "no list", "two bad"],
)
def test_only_what_is_no_suppression_is_told(metadata: dict[str, Any], count: int) -> None:
    template = body({"A": TOPIC}, Metadata=metadata)

    assert [each.rule for each in found("malformed-suppression", template)] == [
        "malformed-suppression"
    ] * count


def test_macro_is_told() -> None:
    assert found(
        "transform-not-analysed", body({"A": TOPIC}, Transform=["AWS::LanguageExtensions", "Acme"])
    ) == (
        Finding(
            rule="transform-not-analysed",
            severity=Severity.NOTE,
            region=None,
            logical_id=None,
            path=("Transform",),
            message="transform Acme runs inside AWS; what it makes is not checked",
            actual="Acme",
            expected="a template that stands as it is deployed",
            fix="check what `aws cloudformation get-template --template-stage Processed` gives",
            source=MACROS,
        ),
    )


def test_template_without_macros_says_nothing() -> None:
    assert found("transform-not-analysed", body({"A": TOPIC}, Transform="AWS::LanguageExtensions")) == ()
