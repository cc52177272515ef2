"""What a stack makes for a caller, the caller must have a right to: asked resource by resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from .conftest import ONCE

if TYPE_CHECKING:
    from .conftest import Aws

STACKS = {"Effect": "Allow", "Action": "cloudformation:*", "Resource": "*"}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders"}}
KEY = {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}}
QUEUE = {"Type": "AWS::SQS::Queue"}
TOPIC_RIGHTS = (
    "sns:CreateTopic",
    "sns:GetTopicAttributes",
    "sns:ListTagsForResource",
    "sns:ListSubscriptionsByTopic",
    "sns:GetDataProtectionPolicy",
)
QUEUE_RIGHTS = ("sqs:GetQueueUrl", "sqs:CreateQueue", "sqs:GetQueueAttributes", "sqs:ListQueueTags")
VIA = {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}


def client_of(aws: Aws, service: str, *statements: dict[str, Any], name: str = "deployer") -> Any:
    """Return a client of a new user with exactly these statements."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service
        region_name="us-east-1",
        endpoint_url=aws.endpoint,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=ONCE,
    )


def created(aws: Aws, resource: dict[str, Any], *statements: dict[str, Any]) -> tuple[str, str]:
    """Return the status and reason of a resource that such a user creates in a stack."""
    cloudformation = client_of(aws, "cloudformation", STACKS, *statements)
    body = json.dumps({"Resources": {"One": resource}})
    cloudformation.create_stack(StackName="demo", TemplateBody=body, OnFailure="DO_NOTHING")
    response = cloudformation.describe_stack_resource(StackName="demo", LogicalResourceId="One")
    detail = response["StackResourceDetail"]
    return detail["ResourceStatus"], detail.get("ResourceStatusReason", "")


def allow(*actions: str, **others: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **others}


def test_a_caller_with_the_rights_of_the_handler_gets_the_resource(aws: Aws) -> None:
    assert created(aws, TOPIC, allow(*TOPIC_RIGHTS))[0] == "CREATE_COMPLETE"


@pytest.mark.parametrize("missing", TOPIC_RIGHTS)
def test_a_caller_who_lacks_one_of_them_gets_the_denial_as_the_reason(aws: Aws, missing: str) -> None:
    status, reason = created(aws, TOPIC, allow(*(each for each in TOPIC_RIGHTS if each != missing)))

    assert status == "CREATE_FAILED"
    assert (
        f"User: arn:aws:iam::123456789012:user/deployer is not authorized to perform: {missing} on "
        "resource: arn:aws:sns:us-east-1:123456789012:orders because no identity-based policy allows the "
        f"{missing} action"
    ) in reason
    assert "HandlerErrorCode: AccessDenied" in reason


def test_a_resource_whose_name_comes_with_it_is_removed_again_when_the_rest_is_denied(aws: Aws) -> None:
    status, reason = created(aws, KEY, allow("kms:CreateKey"))

    assert (status, "kms:EnableKeyRotation" in reason) == ("CREATE_FAILED", True)
    kms = aws.client("kms")
    states = [
        kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in kms.list_keys()["Keys"]
    ]
    assert states == ["PendingDeletion"]


def test_rights_may_be_bound_to_calls_through_cloudformation(aws: Aws) -> None:
    assert created(aws, TOPIC, allow(*TOPIC_RIGHTS, Condition=VIA))[0] == "CREATE_COMPLETE"


def test_such_rights_are_of_no_use_in_a_direct_call(aws: Aws) -> None:
    sns = client_of(aws, "sns", allow("sns:CreateTopic", Condition=VIA))

    with pytest.raises(sns.exceptions.AuthorizationErrorException):
        sns.create_topic(Name="orders")


@pytest.mark.parametrize("missing", QUEUE_RIGHTS)
def test_the_rights_are_those_of_the_requests_that_make_the_resource(aws: Aws, missing: str) -> None:
    status, reason = created(aws, QUEUE, allow(*(each for each in QUEUE_RIGHTS if each != missing)))

    assert (status, f"not authorized to perform: {missing} on" in reason) == ("CREATE_FAILED", True)
    assert "HandlerErrorCode: AccessDenied" in reason


def test_these_rights_are_enough(aws: Aws) -> None:
    assert created(aws, QUEUE, allow(*QUEUE_RIGHTS, Condition=VIA))[0] == "CREATE_COMPLETE"


def test_the_deletion_of_a_resource_needs_its_right(aws: Aws) -> None:
    cloudformation = client_of(aws, "cloudformation", STACKS, allow(*TOPIC_RIGHTS))
    body = json.dumps({"Resources": {"One": TOPIC}})
    cloudformation.create_stack(StackName="demo", TemplateBody=body)

    cloudformation.delete_stack(StackName="demo")

    response = cloudformation.describe_stacks(StackName="demo")["Stacks"][0]
    assert response["StackStatus"] == "DELETE_FAILED"


def test_the_administrator_is_not_asked(aws: Aws) -> None:
    assert aws.create({"Resources": {"One": QUEUE}})["StackStatus"] == "CREATE_COMPLETE"
