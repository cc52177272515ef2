"""Inline code, the role it runs as and the variables it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    CODE,
    FUNCTION,
    RIGHTS,
    VARIABLES,
    Severity,
    add,
    checked,
    drop,
    finding,
    put,
    replace,
    together,
)
from tests.harness.checks.small import EAST, IN_EAST, WEST, body, found, resource

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

PYTHON = """
import os
import boto3

dynamodb = boto3.client("dynamodb")

def handler(event, context):
    dynamodb.{call}(TableName=os.environ["{variable}"], **event)
"""


def _in_python(call: str, variable: str) -> Change:
    code = PYTHON.format(call=call, variable=variable)
    return together(put(f"{FUNCTION}/Runtime", "python3.13"), put(CODE, code))


SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a role without PutItem": (
        drop(f"{RIGHTS}/0"),
        (
            finding(
                "function-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor needs dynamodb:PutItem; the role does "
                    "not allow it"
                ),
                actual=[
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:PutObject",
                ],
                expected="an Allow of dynamodb:PutItem on what the code uses",
                fix="allow dynamodb:PutItem in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "a role without PutObject": (
        put(f"{RIGHTS}/1/Action", "s3:GetObject"),
        (
            finding(
                "function-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor needs s3:PutObject; the role does not allow it"
                ),
                actual=[
                    "dynamodb:PutItem",
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:GetObject",
                ],
                expected="an Allow of s3:PutObject on what the code uses",
                fix="allow s3:PutObject in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "Encrypt only through S3": (
        together(
            drop(f"{RIGHTS}/2"),
            put(f"{RIGHTS}/2/Action", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"]),
        ),
        (
            finding(
                "function-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor needs kms:Encrypt; the role allows it "
                    "only through another service (kms:ViaService)"
                ),
                actual=[
                    "dynamodb:PutItem",
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:PutObject",
                ],
                expected="an Allow of kms:Encrypt on what the code uses",
                fix="allow kms:Encrypt in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "PutItem on another resource": (
        put(f"{RIGHTS}/0/Resource", {"Fn::GetAtt": ["PrimaryDocumentsBucket", "Arn"]}),
        (
            finding(
                "function-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor needs dynamodb:PutItem; the role "
                    "allows it, but not on TransactionsTable"
                ),
                actual=[
                    "dynamodb:PutItem",
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:PutObject",
                ],
                expected="an Allow of dynamodb:PutItem on what the code uses",
                fix="allow dynamodb:PutItem in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "a variable of another kind": (
        put(f"{VARIABLES}/BUCKET_NAME", {"Ref": "PrimarySNSTopic"}),
        (
            finding(
                "environment-target",
                f"{VARIABLES}/BUCKET_NAME",
                message=("The code takes this as Bucket; it is PrimarySNSTopic (AWS::SNS::Topic, us-east-1)"),
                actual="${PrimarySNSTopic}",
                expected="a resource in us-east-1 of type AWS::S3::Bucket",
                fix="name the stack's own resource for Bucket",
            ),
        ),
    ),
    "the other region's bucket": (
        put(
            f"{VARIABLES}/BUCKET_NAME",
            {"Fn::Sub": "documents-secondary-${AWS::AccountId}-${EnvironmentSuffix}"},
        ),
        (
            finding(
                "environment-target",
                f"{VARIABLES}/BUCKET_NAME",
                severity=Severity.WARNING,
                message=(
                    "The code takes this as Bucket; it is SecondaryDocumentsBucket "
                    "(AWS::S3::Bucket, us-west-2)"
                ),
                actual="documents-secondary-123456789012-dev",
                expected="a resource in us-east-1 of type AWS::S3::Bucket",
                fix="name the stack's own resource for Bucket",
            ),
        ),
    ),
    "the other region's key": (
        put(
            f"{VARIABLES}/KMS_KEY_ID",
            {"Fn::Sub": "arn:aws:kms:${SecondaryRegion}:${AWS::AccountId}:key/${PrimaryKMSKey}"},
        ),
        (
            finding(
                "environment-target",
                f"{VARIABLES}/KMS_KEY_ID",
                severity=Severity.WARNING,
                message="The code takes this as KeyId; it is in us-west-2",
                actual="arn:aws:kms:us-west-2:123456789012:key/${PrimaryKMSKey}",
                expected=(
                    "a resource in us-east-1 of type AWS::KMS::Alias or AWS::KMS::Key or AWS::KMS::ReplicaKey"
                ),
                fix="name the stack's own resource for KeyId",
            ),
        ),
    ),
    "a variable that is not set": (
        together(put(f"{VARIABLES}/TABLE", {"Ref": "TransactionsTable"}), drop(f"{VARIABLES}/TABLE_NAME")),
        (
            finding(
                "environment-target",
                f"{VARIABLES}/TABLE_NAME",
                message="The code hands TABLE_NAME over as TableName, and it is not set",
                actual=["BUCKET_NAME", "ENVIRONMENT", "KMS_KEY_ID", "REGION", "TABLE"],
                expected="TABLE_NAME among the variables",
                fix="did you mean TABLE?",
            ),
        ),
    ),
    "the region of the other stack": (
        put(f"{VARIABLES}/REGION", {"Ref": "SecondaryRegion"}),
        (
            finding(
                "region-variable",
                f"{VARIABLES}/REGION",
                message="The function runs in us-east-1 and is given us-west-2",
                actual="us-west-2",
                expected="us-east-1",
                fix='write {"Ref": "AWS::Region"}',
            ),
        ),
    ),
    "a handler of another name": (
        put(f"{FUNCTION}/Handler", "index.main"),
        (
            finding(
                "handler-not-exported",
                f"{FUNCTION}/Handler",
                message="The inline code exports no 'main'",
                actual="index.main",
                expected="index.<a function that the code exports>",
                fix="correct Handler, or the name that the code exports",
            ),
        ),
    ),
    "a handler in another file": (
        put(f"{FUNCTION}/Handler", "processor.handler"),
        (
            finding(
                "handler-not-exported",
                f"{FUNCTION}/Handler",
                message="Inline code is the file index, not processor",
                actual="processor.handler",
                expected="index.<a function that the code exports>",
                fix="correct Handler, or the name that the code exports",
            ),
        ),
    ),
    "a call in Python that the role does not allow": (
        _in_python("delete_item", "TABLE_NAME"),
        (
            finding(
                "function-rights",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies",
                message=(
                    "The code of PrimaryTransactionProcessor needs dynamodb:DeleteItem; the role "
                    "does not allow it"
                ),
                actual=[
                    "dynamodb:PutItem",
                    "kms:Decrypt",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                    "s3:PutObject",
                ],
                expected="an Allow of dynamodb:DeleteItem on what the code uses",
                fix="allow dynamodb:DeleteItem in PrimaryLambdaExecutionRole",
            ),
        ),
    ),
    "a variable that Python reads and nobody sets": (
        _in_python("put_item", "TABLE"),
        (
            finding(
                "environment-target",
                "Resources/PrimaryTransactionProcessor/Properties/Environment/Variables/TABLE",
                message="The code hands TABLE over as TableName, and it is not set",
                actual=["BUCKET_NAME", "ENVIRONMENT", "KMS_KEY_ID", "REGION", "TABLE_NAME"],
                expected="TABLE among the variables",
                fix="did you mean TABLE_NAME?",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a call in Python that the role allows": _in_python("put_item", "TABLE_NAME"),
    "a managed policy may allow it": together(
        drop(f"{RIGHTS}/0"),
        put(
            "Resources/PrimaryLambdaExecutionRole/Properties/ManagedPolicyArns",
            ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"],
        ),
    ),
    "a policy of its own gives the right": together(
        drop(f"{RIGHTS}/0"),
        put(
            "Resources/Rights",
            {
                "Type": "AWS::IAM::Policy",
                "Condition": "IsPrimary",
                "Properties": {
                    "PolicyName": "p",
                    "Roles": [{"Ref": "PrimaryLambdaExecutionRole"}],
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": {"Effect": "Allow", "Action": "dynamodb:Put*", "Resource": "*"},
                    },
                },
            },
        ),
    ),
    "the key policy lets the role in": together(
        drop(f"{RIGHTS}/2"),
        add(
            "Resources/PrimaryKMSKey/Properties/KeyPolicy/Statement",
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:role/processor"},
                "Action": "kms:Encrypt",
                "Resource": "*",
            },
        ),
    ),
    "the code takes other credentials": together(
        drop(f"{RIGHTS}/0"),
        replace(CODE, "{ region: process.env.REGION }", "{ region: process.env.REGION, credentials }"),
    ),
    "the role is not of this stack": together(
        drop(f"{RIGHTS}/0"),
        put("Parameters/RoleArn", {"Type": "String"}),
        put(f"{FUNCTION}/Role", {"Ref": "RoleArn"}),
    ),
    "the handler is in an object": replace(
        CODE, "exports.handler =", "module.exports = { handler };\nconst handler ="
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()


def test_queue_with_the_name_of_the_table_is_not_taken_for_it() -> None:
    table = resource("AWS::DynamoDB::GlobalTable", TableName="orders", Replicas=[{"Region": EAST}])
    function = resource(
        "AWS::Lambda::Function",
        Runtime="python3.13",
        Handler="index.handler",
        Environment={"Variables": {"TABLE_NAME": "orders"}},
        Code={"ZipFile": PYTHON.format(call="put_item", variable="TABLE_NAME")},
    )
    queue = resource("AWS::SQS::Queue", QueueName="orders")
    in_east = {**table, "Condition": "InEast"}

    def regions(**resources: dict[str, object]) -> list[str | None]:
        template = body({"Queue": queue, "Function": function, **resources}, Conditions=IN_EAST)
        return [one.region for one in found("environment-target", template)]

    assert regions(Table=in_east) == []
    assert regions() == [EAST, WEST]
