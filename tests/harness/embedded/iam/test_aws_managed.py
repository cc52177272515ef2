"""AWS's own managed policies: attached, read, judged by, and refused by name where they are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .refusals import refusal
from .serving import Keys, document, statement

if TYPE_CHECKING:
    from .serving import Served

READING = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
LOGGING = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
UNKNOWN = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRoles"


def session_with(aws: Served, arn: str) -> Keys:
    """Return credentials of a role that has this policy and no other."""
    iam = aws.client("iam")
    made = aws.role("holder")
    iam.attach_role_policy(RoleName="holder", PolicyArn=arn)
    told = aws.client("sts").assume_role(RoleArn=made, RoleSessionName="test")["Credentials"]
    return Keys(access_key_id=told["AccessKeyId"], secret=told["SecretAccessKey"], token=told["SessionToken"])


def test_a_policy_of_aws_gives_the_rights_that_its_document_has(aws: Served) -> None:
    aws.client("s3").create_bucket(Bucket="shop")
    s3 = aws.client("s3", session_with(aws, READING))

    assert s3.list_objects_v2(Bucket="shop")["KeyCount"] == 0
    assert refusal(lambda: s3.put_object(Bucket="shop", Key="a", Body=b"1"))[:2] == (403, "AccessDenied")


def test_a_policy_of_aws_can_be_read(aws: Served) -> None:
    iam = aws.client("iam")

    policy = iam.get_policy(PolicyArn=LOGGING)["Policy"]
    version = iam.get_policy_version(PolicyArn=LOGGING, VersionId=policy["DefaultVersionId"])

    assert (policy["PolicyName"], policy["Path"]) == ("AWSLambdaBasicExecutionRole", "/service-role/")
    assert version["PolicyVersion"]["Document"]["Statement"][0]["Action"] == [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]


def test_a_boundary_may_be_a_policy_of_aws(aws: Served) -> None:
    iam = aws.client("iam")
    trust = statement("sts:AssumeRole", Principal={"AWS": "arn:aws:iam::123456789012:root"})
    del trust["Resource"]
    arn = iam.create_role(
        RoleName="bounded", AssumeRolePolicyDocument=document(trust), PermissionsBoundary=READING
    )["Role"]["Arn"]
    iam.put_role_policy(RoleName="bounded", PolicyName="all", PolicyDocument=document(statement("*")))
    told = aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    keys = Keys(access_key_id=told["AccessKeyId"], secret=told["SecretAccessKey"], token=told["SessionToken"])

    assert refusal(lambda: aws.client("s3", keys).create_bucket(Bucket="shop"))[:2] == (403, "AccessDenied")


@pytest.mark.parametrize("operation", ["attach_role_policy", "get_policy"])
def test_a_policy_of_aws_that_is_not_known_is_refused_by_name(aws: Served, operation: str) -> None:
    aws.role("holder")
    holder = {"RoleName": "holder"} if operation == "attach_role_policy" else {}

    told = refusal(lambda: getattr(aws.client("iam"), operation)(PolicyArn=UNKNOWN, **holder))

    assert told[1:] == (
        "InvalidInput",
        f"the embedded AWS does not model the AWS managed policy {UNKNOWN}",
    )
