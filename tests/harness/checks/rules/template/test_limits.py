"""What CloudFormation takes of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import Severity, checked, finding, put, short, together
from tests.harness.checks.small import TOPIC, found

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change


def _padded(size: int) -> Change:
    return lambda text: text + " " * (size - len(text.encode()))


MANY = {f"M{number}": {"a": {"b": "c"}} for number in range(200)}
WIDE = {f"a{number}": {"b": "c"} for number in range(200)}

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a section that there is not": (
        together(put("Foo", {}), put("Bar", {})),
        (
            finding(
                "template-section",
                "Foo",
                region=None,
                message="Invalid template property or properties [Foo, Bar]",
                actual=["Foo", "Bar"],
                expected=(
                    "some of AWSTemplateFormatVersion, Conditions, Description, Fn::Transform, "
                    "Hooks, Mappings, Metadata, Outputs, Parameters, Resources, Rules, Transform"
                ),
                fix="remove what is no section, or correct its name",
            ),
        ),
    ),
    "a version that there is not": (
        put("AWSTemplateFormatVersion", "2010-09-10"),
        (
            finding(
                "template-section",
                "AWSTemplateFormatVersion",
                region=None,
                message="There is one format version, and this is not it",
                actual="2010-09-10",
                expected="2010-09-09",
                fix='write "2010-09-09", or leave it out',
            ),
        ),
    ),
    "more than a request holds": (
        _padded(51_201),
        (
            finding(
                "template-size",
                "",
                region=None,
                message="The template has 51,201 bytes; in a request it may have 51,200",
                actual=51201,
                expected="at most 51,200 bytes",
                fix="shorten it, or deploy it through a bucket",
            ),
        ),
    ),
    "more than a megabyte": (
        _padded(1_048_577),
        (
            finding(
                "template-size",
                "",
                severity=Severity.ERROR,
                region=None,
                message="The template has 1,048,577 bytes; at all it may have 1,048,576",
                actual=1048577,
                expected="at most 1,048,576 bytes",
                fix="split it into several stacks",
            ),
        ),
    ),
    "201 mappings": (
        together(put("Mappings", {**MANY, "M200": {"a": {"b": "c"}}}), short),
        (
            finding(
                "too-many",
                "Mappings",
                region=None,
                message="Mappings has 201 entries; CloudFormation takes 200",
                actual=201,
                expected="at most 200",
                fix="split it into several stacks",
            ),
        ),
    ),
    "201 attributes of a mapping": (
        together(put("Mappings", {"M": {**WIDE, "a200": {"b": "c"}}}), short),
        (
            finding(
                "too-many",
                "Mappings/M",
                region=None,
                message="The mapping M has 201 attributes; CloudFormation takes 200",
                actual=201,
                expected="at most 200",
                fix="split it into several stacks",
            ),
        ),
    ),
    "a hyphen in a logical ID": (
        put("Resources/spare-topic", {"Type": "AWS::SNS::Topic"}),
        (
            finding(
                "logical-id",
                "Resources/spare-topic",
                region=None,
                message="Resources has the name 'spare-topic', which is non alphanumeric",
                actual="spare-topic",
                expected="at most 255 letters and digits",
                fix="rename it, and what refers to it",
            ),
        ),
    ),
    "a long name of an output": (
        put(f"Outputs/{'a' * 256}", {"Value": "a"}),
        (
            finding(
                "logical-id",
                (
                    "Outputs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                ),
                region=None,
                message="Outputs has a name of 256 characters",
                actual=(
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaa"
                ),
                expected="at most 255 letters and digits",
                fix="rename it, and what refers to it",
            ),
        ),
    ),
    "a long description": (
        put("Description", "a" * 1025),
        (
            finding(
                "text-length",
                "Description",
                region=None,
                message="The description has 1,025 bytes; CloudFormation takes 1,024",
                actual=1025,
                expected="at most 1,024",
                fix="shorten it",
            ),
        ),
    ),
    "a long default": (
        together(
            put("Parameters/Note", {"Type": "String", "Default": "a" * 4097}),
            put("Resources/PrimaryKMSKey/Properties/Description", {"Ref": "Note"}),
            short,
        ),
        (
            finding(
                "text-length",
                "Parameters/Note/Default",
                region=None,
                message="The default of Note has 4,097 bytes; CloudFormation takes 4,096",
                actual=4097,
                expected="at most 4,096",
                fix="shorten it",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "what a request just holds": _padded(51_200),
    "200 mappings": together(put("Mappings", MANY), short),
    "200 attributes of a mapping": together(put("Mappings", {"M": WIDE}), short),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()


@pytest.mark.parametrize("rule", ["template-section", "logical-id"])
def test_a_macro_may_take_sections_and_names_of_its_own(rule: str) -> None:
    template = {"Transform": "Macro", "Foo": {}, "Resources": {"spare-topic": TOPIC}}

    assert found(rule, template) == ()
