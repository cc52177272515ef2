"""Names of another environment that are written out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.small import body, found, resource

ALLOWED = {"Type": "String", "AllowedValues": ["blue", "green"]}
FREE = {"Type": "String"}


def _found(
    used: object, *, suffix: dict[str, Any], name: str = "orders-${Suffix}"
) -> list[tuple[object, str, str]]:
    table = resource("AWS::DynamoDB::Table", TableName={"Fn::Sub": name})
    function = resource("AWS::Lambda::Function", Environment={"Variables": {"TABLE": used}})
    template = body({"Orders": table, "Reader": function}, Parameters={"Suffix": suffix})
    return [(one.path[-1], one.message, one.fix) for one in found("other-environment", template)]


@pytest.mark.parametrize(
    ("used", "suffix"),
    [("orders-dev", FREE), ("orders-blue", ALLOWED), ("orders-x1", {**FREE, "Default": "x1"})],
    ids=["usual name", "allowed value", "default"],
)
def test_name_of_one_environment_is_found(used: str, suffix: dict[str, Any]) -> None:
    assert _found(used, suffix=suffix) == [
        (
            "TABLE",
            f"{used} is Orders of one environment, written out",
            'write {"Fn::Sub": "orders-${Suffix}"}, or refer to Orders',
        )
    ]


def test_name_in_an_arn_is_found_with_the_rest_kept() -> None:
    arn = "arn:aws:dynamodb:us-east-1:111122223333:table/orders-dev/index/*"

    ((_, _, fix),) = _found(arn, suffix=FREE)

    assert "table/orders-${Suffix}/index/*" in fix


@pytest.mark.parametrize(
    "used",
    ["orders-archive", "orders-device", "old-orders-dev", "orders", {"Fn::Sub": "orders-${Suffix}"}],
)
def test_other_names_are_left_alone(used: object) -> None:
    assert _found(used, suffix=FREE) == []


def test_name_that_is_nearly_all_parameter_is_left_alone() -> None:
    assert _found("a-dev", suffix=FREE, name="a-${Suffix}") == []


def test_code_and_descriptions_are_not_looked_at() -> None:
    assert _found({"ZipFile": "orders-dev", "Description": "orders-dev"}, suffix=FREE) == []
