"""Key policies and the services that use the key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.checks.findings import finding
from tests.harness.checks.small import EAST, IN_EAST, WEST, body, found, resource

SOURCE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html"
ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*"}
BY_KMS = {"SSEEnabled": True, "SSEType": "KMS"}


def _service(name: Any, *actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"Service": name}, "Action": list(actions), "Resource": "*"}


S3 = _service("s3.amazonaws.com", "kms:Decrypt")


def _template(
    *statements: Any, sse: Any = None, multi_region: bool = False, kind: str = "Table"
) -> dict[str, Any]:
    table_sse = {**BY_KMS, "KMSMasterKeyId": {"Ref": "Key"}} if sse is None else sse
    key = resource("AWS::KMS::Key", KeyPolicy={"Statement": list(statements)}, MultiRegion=multi_region)
    return body({"Key": key, "Orders": resource(f"AWS::DynamoDB::{kind}", SSESpecification=table_sse)})


def test_key_of_a_table_that_lets_other_services_in() -> None:
    assert found("key-without-dynamodb", _template(ROOT, S3)) == (
        finding(
            "key-without-dynamodb",
            "Resources/Key/Properties/KeyPolicy",
            region=None,
            message="the key policy of Key does not let DynamoDB make grants, and Orders is encrypted",
            actual="services: s3.amazonaws.com",
            expected="an Allow for dynamodb.amazonaws.com with kms:CreateGrant",
            fix='add {"Effect": "Allow", "Principal": {"Service": "dynamodb.amazonaws.com"}, "Action": '
            '["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"], '
            '"Resource": "*"}',
        ),
    )


def test_multi_region_key_beside_a_global_table_that_names_none() -> None:
    template = _template(ROOT, S3, sse=BY_KMS, multi_region=True, kind="GlobalTable")

    assert [finding.logical_id for finding in found("key-without-dynamodb", template)] == ["Key"]


def test_dynamodb_without_grants_is_not_enough() -> None:
    template = _template(S3, _service("dynamodb.amazonaws.com", "kms:Decrypt"))

    assert [finding.actual for finding in found("key-without-dynamodb", template)] == [
        "services: s3.amazonaws.com, dynamodb.amazonaws.com without kms:CreateGrant"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        _service("dynamodb.amazonaws.com", "kms:CreateGrant"),
        _service(["logs.amazonaws.com", "dynamodb.us-east-1.amazonaws.com"], "kms:*"),
        _service("dynamodb.amazonaws.com", "KMS:create*"),
        _service("*", "kms:CreateGrant"),
        {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "dynamodb.amazonaws.com"}, "NotAction": "kms:Delete*"},
        _service({"Ref": "Service"}, "kms:CreateGrant"),
    ],
    ids=["named", "in a list", "pattern", "any service", "everybody", "NotAction", "not known"],
)
def test_key_that_lets_dynamodb_in_or_may(statement: dict[str, Any]) -> None:
    template = {**_template(S3, statement), "Parameters": {"Service": {"Type": "String"}}}

    assert found("key-without-dynamodb", template) == ()


@pytest.mark.parametrize(
    "template",
    [
        _template(ROOT),
        _template(ROOT, S3, sse=BY_KMS),
        _template(ROOT, S3, sse={"SSEEnabled": True}, multi_region=True, kind="GlobalTable"),
        _template(ROOT, S3, sse={**BY_KMS, "KMSMasterKeyId": "alias/other"}, multi_region=True),
        body({"Key": resource("AWS::KMS::Key", KeyPolicy={"Ref": "AWS::StackName"})}),
    ],
    ids=["rights by IAM", "key of DynamoDB", "no KMS", "another key", "unreadable policy"],
)
def test_key_that_dynamodb_does_not_need(template: dict[str, Any]) -> None:
    assert found("key-without-dynamodb", template) == ()


def _replicated(**table: Any) -> dict[str, Any]:
    """Return a template whose global table is East's and whose replica key is West's."""
    replicas = [{"Region": EAST}, {"Region": WEST}]
    properties = {"SSESpecification": BY_KMS, "Replicas": replicas, **table}
    policy = {"Statement": [ROOT, S3]}
    key = {**resource("AWS::KMS::ReplicaKey", KeyPolicy=policy), "Condition": "InWest"}
    orders = {**resource("AWS::DynamoDB::GlobalTable", **properties), "Condition": "InEast"}
    in_west = {"InWest": {"Fn::Not": [{"Condition": "InEast"}]}}
    return body({"Key": key, "Orders": orders}, Conditions={**IN_EAST, **in_west})


def test_replica_key_in_the_region_of_a_replica_is_judged_like_its_primary() -> None:
    findings = found("key-without-dynamodb", _replicated())

    assert [(one.logical_id, one.region, one.actual) for one in findings] == [
        ("Key", WEST, "services: s3.amazonaws.com")
    ]


def test_replica_key_where_the_table_has_no_replica_or_keys_of_its_own() -> None:
    named = [{"Region": one, "SSESpecification": {"KMSMasterKeyId": "k"}} for one in (EAST, WEST)]

    assert found("key-without-dynamodb", _replicated(Replicas=[{"Region": EAST}])) == ()
    assert found("key-without-dynamodb", _replicated(Replicas=named)) == ()
