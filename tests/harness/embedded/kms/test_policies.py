"""Which key policies are taken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .refused import refusal
from .serving import ADMINISTRATOR

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from .serving import Served

ROOT = "arn:aws:iam::123456789012:root"
LOCKED_OUT = (
    "MalformedPolicyDocumentException",
    "The new key policy will not allow you to update the key policy in the future.",
)


def policy(principal: object, action: str = "kms:*", effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_policy_that_locks_its_maker_out_is_refused(east: KMSClient) -> None:
    assert refusal(lambda: east.create_key(Policy=policy({"AWS": ROOT}, "kms:Decrypt"))) == LOCKED_OUT
    key = east.create_key(Policy=policy({"AWS": ROOT}))["KeyMetadata"]["KeyId"]
    locking = policy({"AWS": "*"}, "kms:Put*", "Deny")
    assert refusal(lambda: east.put_key_policy(KeyId=key, PolicyName="default", Policy=locking)) == LOCKED_OUT


def test_a_role_that_is_not_there_is_no_principal(served: Served, east: KMSClient) -> None:
    role = "arn:aws:iam::123456789012:role/not-there"
    statements = json.dumps(
        {
            "Statement": [
                json.loads(policy({"AWS": ROOT}))["Statement"][0],
                json.loads(policy({"AWS": role}))["Statement"][0],
            ]
        }
    )

    refused = refusal(lambda: east.create_key(Policy=statements))
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    served.client("iam", "us-east-1").create_role(RoleName="not-there", AssumeRolePolicyDocument=trust)

    assert refused == (
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
    )
    assert east.create_key(Policy=statements)["KeyMetadata"]["Enabled"] is True


def test_the_caller_may_be_the_one_who_can_change_the_policy(served: Served, east: KMSClient) -> None:
    served.client("iam", "us-east-1").create_user(UserName="administrator")

    key = east.create_key(Policy=policy({"AWS": ADMINISTRATOR.arn}))["KeyMetadata"]["KeyId"]

    assert east.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
