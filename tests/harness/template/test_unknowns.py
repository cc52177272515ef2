"""Values that only AWS knows, as values."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.template import (
    AvailabilityZones,
    Computed,
    Concatenation,
    ImportedValue,
    ResourceAttribute,
    ResourceRef,
    SsmParameter,
    Unknown,
    concatenated,
    unknowns_in,
)

ARN = ResourceAttribute("Bucket", "Arn")
NAME = ResourceRef("Bucket")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], ""),
        (["a", "", "b"], "ab"),
        (["", ARN, ""], ARN),
        (["a", "b", ARN, "c", "d"], Concatenation(("ab", ARN, "cd"))),
        (["a", Concatenation(("b", ARN, "c")), "d"], Concatenation(("ab", ARN, "cd"))),
    ],
    ids=["nothing", "text", "one unknown", "neighbours", "nested"],
)
def test_parts_are_joined_to_the_simplest_value(parts: list[str | Unknown], expected: object) -> None:
    assert concatenated(parts) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NAME, "${Bucket}"),
        (ARN, "${Bucket.Arn}"),
        (Concatenation((ARN, "/*")), "${Bucket.Arn}/*"),
        (ImportedValue("net"), "${ImportValue:net}"),
        (SsmParameter("/x"), "${resolve:ssm:/x}"),
        (Computed("Fn::Select", (0, AvailabilityZones("us-east-1"))), "${Select(0, ${GetAZs:us-east-1})}"),
    ],
    ids=["Ref", "GetAtt", "text", "import", "SSM", "computed"],
)
def test_an_unknown_is_written_as_a_template_would(value: Unknown, expected: str) -> None:
    assert str(value) == expected


def test_the_unknowns_of_a_value_are_found_wherever_they_are() -> None:
    value = {"a": [Concatenation(("x", ARN)), "text", 1], "b": Computed("Fn::Base64", (NAME,))}

    assert unknowns_in(value) == (ARN, NAME)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=3) | st.sampled_from([ARN, NAME]), max_size=6))
def test_joining_keeps_what_is_written(parts: list[str | Unknown]) -> None:
    assert str(concatenated(parts)) == "".join(map(str, parts))


def test_reading_templates_needs_neither_boto3_nor_moto_nor_pytest() -> None:
    program = "import sys, qa.template; print({'boto3', 'botocore', 'moto', 'pytest'} & set(sys.modules))"

    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    )

    assert found.stdout == "set()\n"
