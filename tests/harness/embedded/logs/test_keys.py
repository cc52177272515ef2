"""A log group takes a key that is there, can be used and lets CloudWatch Logs in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import ACCOUNT_ROOT, document, statement

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:orders"
LOGS = {"Service": "logs.us-east-1.amazonaws.com"}
FOR_GROUP = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": GROUP}}
REFUSED = (
    400,
    "AccessDeniedException",
    f"The specified KMS key does not exist or is not allowed to be used with Arn '{GROUP}'",
)


def new_key(account: Served, *statements: dict[str, Any]) -> str:
    root = statement("kms:*", Principal=ACCOUNT_ROOT)
    return str(account.client("kms").create_key(Policy=document(root, *statements))["KeyMetadata"]["Arn"])


def letting_in(**more: Any) -> dict[str, Any]:
    return statement(["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"], Principal=LOGS, **more)


def groups(account: Served) -> list[str]:
    return [each["logGroupName"] for each in account.client("logs").describe_log_groups()["logGroups"]]


def test_a_key_that_lets_the_service_in_is_taken(account: Served) -> None:
    key = new_key(account, letting_in(Condition=FOR_GROUP))

    account.client("logs").create_log_group(logGroupName="orders", kmsKeyId=key)

    assert groups(account) == ["orders"]


@pytest.mark.parametrize("why", ["no such key", "not let in", "let in for another group", "disabled"])
def test_a_key_that_cannot_be_used_is_refused(why: str, account: Served) -> None:
    other = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": f"{GROUP}-other"}}
    policies = {
        "not let in": (),
        "let in for another group": (letting_in(Condition=other),),
        "disabled": (letting_in(),),
    }
    key = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000"
    if why in policies:
        key = new_key(account, *policies[why])
    if why == "disabled":
        account.client("kms").disable_key(KeyId=key)

    response = refusal(lambda: account.client("logs").create_log_group(logGroupName="orders", kmsKeyId=key))

    assert (response, groups(account)) == (REFUSED, [])


def test_a_template_s_log_group_is_held_to_the_same(account: Served) -> None:
    key = new_key(account)
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "orders", "KmsKeyId": key}}
    client = account.client("cloudformation")

    client.create_stack(StackName="demo", TemplateBody=json.dumps({"Resources": {"Orders": group}}))

    failed = [
        event["ResourceStatusReason"]
        for event in client.describe_stack_events(StackName="demo")["StackEvents"]
        if event["LogicalResourceId"] == "Orders" and event["ResourceStatus"] == "CREATE_FAILED"
    ]
    assert [REFUSED[2] in reason for reason in failed] == [True]
    assert groups(account) == []


def key_of_group(account: Served) -> str | None:
    found: str | None = account.client("logs").describe_log_groups()["logGroups"][0].get("kmsKeyId")
    return found


def test_a_group_that_is_there_takes_a_key_and_gives_it_up(account: Served) -> None:
    logs, key = account.client("logs"), new_key(account, letting_in(Condition=FOR_GROUP))
    logs.create_log_group(logGroupName="orders")

    logs.associate_kms_key(logGroupName="orders", kmsKeyId=key)
    taken = key_of_group(account)
    logs.disassociate_kms_key(logGroupName="orders")

    assert (taken, key_of_group(account)) == (key, None)


def test_a_group_that_is_there_takes_no_key_that_cannot_be_used(account: Served) -> None:
    logs, key = account.client("logs"), new_key(account)
    logs.create_log_group(logGroupName="orders")

    reported = refusal(lambda: logs.associate_kms_key(logGroupName="orders", kmsKeyId=key))

    assert (reported, key_of_group(account)) == (REFUSED, None)


def test_a_group_that_is_not_there_takes_no_key(account: Served) -> None:
    reported = refusal(lambda: account.client("logs").disassociate_kms_key(logGroupName="orders"))

    assert reported == (400, "ResourceNotFoundException", "The specified log group does not exist.")


def test_a_stack_s_group_takes_a_key_in_an_update_and_gives_it_up_in_the_next(account: Served) -> None:
    key = new_key(account, letting_in(Condition=FOR_GROUP))
    client, found = account.client("cloudformation"), []

    def body(**properties: str) -> str:
        group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "orders", **properties}}
        return json.dumps({"Resources": {"Orders": group}})

    client.create_stack(StackName="demo", TemplateBody=body())
    for properties in ({"KmsKeyId": key}, {}):
        client.update_stack(StackName="demo", TemplateBody=body(**properties))
        found.append(key_of_group(account))

    assert found == [key, None]
