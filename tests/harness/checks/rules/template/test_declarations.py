"""Parameters that everybody can read, or that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import checked, finding, put, together

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

USED = put("Resources/PrimarySNSTopic/Properties/DisplayName", {"Ref": "DatabasePassword"})

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a password for all to read": (
        together(put("Parameters/DatabasePassword", {"Type": "String"}), USED),
        (
            finding(
                "readable-secret",
                "Parameters/DatabasePassword",
                region=None,
                message="DatabasePassword can be read by anyone who may describe the stack",
                actual="no NoEcho",
                expected="NoEcho true and no default",
                fix='add "NoEcho": true, or use {{resolve:secretsmanager:…}}',
            ),
        ),
    ),
    "a password that stands in the template": (
        together(
            put("Parameters/DatabasePassword", {"Type": "String", "NoEcho": True, "Default": "secret"}), USED
        ),
        (
            finding(
                "readable-secret",
                "Parameters/DatabasePassword/Default",
                region=None,
                message="The default of DatabasePassword stands in the template for all to read",
                actual="a default",
                expected="NoEcho true and no default",
                fix="remove the default",
            ),
        ),
    ),
    "a parameter that nothing uses": (
        put("Parameters/Colour", {"Type": "String"}),
        (
            finding(
                "unused-parameter",
                "Parameters/Colour",
                region=None,
                message="Nothing uses Colour",
                actual="Colour",
                expected="a parameter that the template uses",
                fix="use it where it was intended, or remove it",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a password that is hidden": together(
        put("Parameters/DatabasePassword", {"Type": "String", "NoEcho": "true"}), USED
    ),
    "a password that is kept elsewhere": together(
        put("Parameters/DatabasePassword", {"Type": "String", "Default": "{{resolve:ssm-secure:/db:1}}"}),
        USED,
    ),
    "a parameter that metadata use": together(
        put("Parameters/Colour", {"Type": "String"}),
        put("Resources/PrimarySNSTopic/Metadata", {"colour": {"Ref": "Colour"}}),
    ),
    "a parameter in a text that is no Sub": together(
        put("Parameters/Colour", {"Type": "String"}),
        put("Resources/PrimarySNSTopic/Properties/DisplayName", "${ Colour }"),
    ),
    "a parameter that a rule looks at": together(
        put("Parameters/Colour", {"Type": "String", "Default": "red"}),
        put("Rules/Red", {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Colour"}, "red"]}}]}),
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
