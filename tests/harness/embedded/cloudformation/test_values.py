"""Values that a type's schema does not allow fail the resource, before any handler sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.cloudformation.schemas import Schema, schema_of
from qa.embedded.cloudformation.values import wrong_values

from .templates import group, template

if TYPE_CHECKING:
    from .conftest import Aws

EAST = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/worker"


def wrong(resource_type: str, properties: dict[str, Any]) -> tuple[str, ...]:
    schema = schema_of(resource_type, EAST)
    assert schema is not None
    return tuple(wrong_values(resource_type, schema, properties))


@pytest.mark.parametrize(
    ("resource_type", "properties", "found"),
    [
        pytest.param(
            "AWS::Lambda::Function",
            {"Timeout": "soon"},
            "#/Timeout: expected type: Integer, found: String",
            id="a text for a number",
        ),
        pytest.param(
            "AWS::Lambda::Function",
            {"Timeout": 0},
            "#/Timeout: 0 is not greater or equal to 1",
            id="too small",
        ),
        pytest.param(
            "AWS::Lambda::Function",
            {"MemorySize": "65536"},
            "#/MemorySize: 65536 is not less or equal to 32768",
            id="too large, as a text",
        ),
        pytest.param(
            "AWS::Lambda::Function",
            {"Role": "worker"},
            "#/Role: failed validation constraint for keyword [pattern]",
            id="a pattern",
        ),
        pytest.param(
            "AWS::DynamoDB::Table",
            {"BillingMode": "FREE"},
            "#/BillingMode: FREE is not a valid enum value",
            id="an enum",
        ),
        pytest.param(
            "AWS::Logs::LogGroup",
            {"RetentionInDays": 2},
            "#/RetentionInDays: 2 is not a valid enum value",
            id="an enum of numbers",
        ),
        pytest.param(
            "AWS::CloudWatch::Alarm",
            {"AlarmActions": "arn:aws:sns:us-east-1:123456789012:t"},
            "#/AlarmActions: expected type: JSONArray, found: String",
            id="a text for a list",
        ),
        pytest.param(
            "AWS::S3::Bucket",
            {"BucketName": {"Name": "b"}},
            "#/BucketName: expected type: String, found: JSONObject",
            id="an object for a text",
        ),
        pytest.param(
            "AWS::KMS::Key",
            {"MultiRegion": "maybe"},
            "#/MultiRegion: expected type: Boolean, found: String",
            id="a text for a boolean",
        ),
        pytest.param(
            "AWS::DynamoDB::GlobalTable",
            {"Replicas": []},
            "#/Replicas: expected minimum item count: 1, found: 0",
            id="too few items",
        ),
        pytest.param(
            "AWS::DynamoDB::GlobalTable",
            {"Replicas": [{"TableClass": "STANDARD"}]},
            "#/Replicas/0: required key [Region] not found",
            id="a key that is missing further down",
        ),
        pytest.param(
            "AWS::S3::Bucket",
            {"VersioningConfiguration": {"Status": "On"}},
            "#/VersioningConfiguration/Status: On is not a valid enum value",
            id="further down",
        ),
    ],
)
def test_a_value_that_the_schema_does_not_allow_is_told(
    resource_type: str, properties: dict[str, Any], found: str
) -> None:
    assert wrong(resource_type, properties) == (found,)


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        pytest.param("AWS::Lambda::Function", {"Timeout": "3", "MemorySize": 256.0}, id="numbers as texts"),
        pytest.param("AWS::KMS::Key", {"MultiRegion": "true", "Enabled": False}, id="booleans"),
        pytest.param("AWS::KMS::Key", {"KeyPolicy": '{"Statement": []}'}, id="JSON in a text"),
        pytest.param("AWS::Lambda::Function", {"Description": 42}, id="a number for a text"),
        pytest.param("AWS::Lambda::Function", {"Runtime": "bogus"}, id="what the service refuses itself"),
        pytest.param(
            "AWS::DynamoDB::Table",
            {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
            id="alternatives",
        ),
    ],
)
def test_what_the_service_takes_is_taken(resource_type: str, properties: dict[str, Any]) -> None:
    assert wrong(resource_type, properties) == ()


def test_a_pattern_that_python_does_not_read_judges_nothing() -> None:
    shape = {"type": "string", "pattern": r"^[\p{L}]+$"}
    schema = Schema(
        properties=frozenset({"Name"}),
        read_only=frozenset(),
        readable=frozenset(),
        required=(),
        create_only=(),
        raw={"properties": {"Name": shape}},
    )

    assert tuple(wrong_values("AWS::Any::Type", schema, {"Name": "1"})) == ()


def test_a_wrong_value_fails_the_resource_and_rolls_the_stack_back(aws: Aws) -> None:
    body = template(
        {"Wrong": group(RetentionInDays={"Ref": "Days"})}, Parameters={"Days": {"Type": "Number"}}
    )

    stack = aws.create(body, Parameters=[{"ParameterKey": "Days", "ParameterValue": "2"}])

    reason = (
        "Properties validation failed for resource Wrong with message:\n"
        "#/RetentionInDays: 2 is not a valid enum value"
    )
    assert ("Wrong", "CREATE_FAILED", reason) in aws.events()
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
