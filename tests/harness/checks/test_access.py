"""Whether a statement applies to a request: yes, no, or not known."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks.knowledge.access import ABSENT, Request, applies, arn_of, is_like
from qa.checks.knowledge.rights import statements
from qa.checks.regional import RegionalStack, regional_stack
from qa.template import template_of
from tests.harness.checks.small import EAST, body, resource

PARTS: dict[str, Any] = {
    "Documents": resource("AWS::S3::Bucket", BucketName="documents"),
    "Spare": resource("AWS::S3::Bucket"),
    "Key": resource("AWS::KMS::Key"),
    "Other": resource("AWS::KMS::Key"),
}
OBJECTS = "arn:aws:s3:::documents/*"
THROUGH_S3 = {"kms:viaservice": "s3.us-east-1.amazonaws.com", "aws:securetransport": "true"}


def _stack(**parts: Any) -> RegionalStack:
    made = body({**PARTS, **parts}, Parameters={"Open": {"Type": "String"}})
    return regional_stack(template_of(made), region=EAST, parameters={})


def _verdict(statement: dict[str, Any], **request: Any) -> bool | None:
    """Return the verdict on s3:PutObject of any object, if no other request is given."""
    role = resource("AWS::IAM::Role", Policies=[{"PolicyDocument": {"Statement": statement}}])
    stack = _stack(Role=role)
    read = statements(stack.resources["Role"].properties["Policies"][0]["PolicyDocument"])
    assert read is not None
    requested = {"action": "s3:PutObject", "resource": OBJECTS, "keys": THROUGH_S3, **request}
    return applies(read[0], Request(**requested), stack)


def _allow(resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:Put*", "Resource": resource, **more}


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        ("*", True),
        ("arn:aws:s3:::documents/*", True),
        ({"Fn::Sub": "${Documents.Arn}/*"}, True),
        ("arn:aws:s3:::doc*", True),
        ({"Fn::Sub": "${Documents.Arn}/a/*"}, None),
        ("arn:aws:s3:::*/a", None),
        ({"Ref": "Open"}, None),
        ({"Fn::GetAtt": ["Documents", "Arn"]}, False),
        ("arn:aws:s3:::papers/*", False),
        ({"Fn::Sub": "arn:aws:sqs:us-east-1:1:${Open}"}, False),
    ],
)
def test_resources_are_all_objects_some_or_none(resource: Any, verdict: object) -> None:
    assert _verdict(_allow(resource)) is verdict


@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        ({"Action": "*"}, True),
        ({"Action": ["s3:GetObject", {"Ref": "Open"}]}, None),
        ({"Action": "s3:GetObject"}, False),
    ],
)
def test_actions_are_named_or_not_or_not_known(action: dict[str, Any], verdict: object) -> None:
    assert _verdict({"Effect": "Allow", "Resource": "*", **action}) is verdict


@pytest.mark.parametrize(
    ("conditions", "verdict"),
    [
        ({"StringEquals": {"kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.amazonaws.com"}}}, True),
        ({"StringEquals": {"kms:ViaService": ["sqs.us-east-1.amazonaws.com"]}}, False),
        ({"StringEquals": {"kms:ViaService": "s3.*.amazonaws.com"}}, False),
        ({"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}, True),
        ({"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, False),
        ({"StringNotLike": {"kms:ViaService": "sqs.*"}}, True),
        ({"StringEquals": {"kms:ViaService": {"Ref": "Open"}}}, None),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, None),
        ({"NumericLessThan": {"kms:ViaService": 1}}, None),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Null": {"kms:ViaService": True}}, False),
        ({"Null": {"kms:ViaService": "false"}}, True),
        ({"StringEquals": "nonsense"}, None),
        (
            {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            False,
        ),
    ],
)
def test_conditions_hold_or_not_or_are_not_known(conditions: dict[str, Any], verdict: object) -> None:
    assert _verdict(_allow(Condition=conditions)) is verdict


@pytest.mark.parametrize(
    ("operator", "verdict"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("ArnLike", False),
    ],
)
def test_keys_that_the_request_does_not_have(operator: str, verdict: object) -> None:
    statement = _allow(Condition={operator: {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})

    assert _verdict(statement, keys={"kms:viaservice": ABSENT}) is verdict


def test_names_that_aws_makes_are_told_apart() -> None:
    stack = _stack()
    key, other = (arn_of(stack.resources[name], stack) for name in ("Key", "Other"))

    assert key == "arn:aws:kms:us-east-1:123456789012:key/${Key}"
    assert is_like(key, key) is True
    assert is_like(key, other) is False
    assert is_like("arn:aws:kms:us-east-1:123456789012:key/mrk-1", key) is None
    assert is_like("arn:aws:kms:us-west-2:123456789012:key/${Key}", key) is False


def test_a_bucket_is_written_by_its_name_if_it_has_one() -> None:
    stack = _stack()

    assert arn_of(stack.resources["Documents"], stack) == "arn:aws:s3:::documents"
    assert arn_of(stack.resources["Spare"], stack) == "arn:aws:s3:::${Spare}"


def test_a_statement_stands_in_a_list_or_alone() -> None:
    alone, listed = statements({"Statement": _allow()}), statements({"Statement": [_allow(), _allow()]})

    assert [one.steps for one in alone or ()] == [("Statement",)]
    assert [one.steps for one in listed or ()] == [("Statement", 0), ("Statement", 1)]
