"""The documented policies: they fit IAM's limit, and their bounds hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .callers import policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.project import Project

CHARACTERS_OF_A_MANAGED_POLICY = 6144
EAST = "us-east-1"


@pytest.mark.parametrize("name", ["deployer", "runner"])
def test_a_policy_fits_a_managed_policy_for_a_suffix_of_fifteen(project: Project, name: str) -> None:
    text = json.dumps(policy(name, project.regions, suffix="a" * 15))

    assert len(re.sub(r"\s", "", text)) <= CHARACTERS_OF_A_MANAGED_POLICY


def refused(call: Callable[[], object]) -> bool:
    with pytest.raises(ClientError) as raised:
        call()
    return raised.value.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException"}


def test_the_runner_reads_no_item_but_its_own(runner: Clients, outputs: Outputs) -> None:
    key = {"transactionId": {"S": "customer-1"}, "timestamp": {"N": "1"}}

    assert refused(
        lambda: runner.dynamodb(EAST).get_item(TableName=outputs["TransactionsTableName"], Key=key)
    )


def test_the_runner_reads_no_document_but_its_own(runner: Clients, admin: Clients, outputs: Outputs) -> None:
    bucket, key = outputs["PrimaryDocumentsBucketName"], "transactions/customer-1/1.json"
    version = admin.s3(EAST).put_object(Bucket=bucket, Key=key, Body=b"{}")["VersionId"]

    assert refused(lambda: runner.s3(EAST).get_object(Bucket=bucket, Key=key))
    assert refused(lambda: runner.s3(EAST).get_object(Bucket=bucket, Key=key, VersionId=version))


def test_the_runner_opens_no_account_number_but_its_own(
    runner: Clients, admin: Clients, outputs: Outputs
) -> None:
    context = {"transactionId": "customer-1"}
    sealed = admin.kms(EAST).encrypt(
        KeyId=outputs["PrimaryKMSKeyArn"], Plaintext=b"DE00", EncryptionContext=context
    )["CiphertextBlob"]

    assert refused(lambda: runner.kms(EAST).decrypt(CiphertextBlob=sealed, EncryptionContext=context))


def test_the_runner_drills_no_alarm_of_another_stack(runner: Clients, outputs: Outputs) -> None:
    assert refused(
        lambda: runner.cloudwatch(EAST).set_alarm_state(
            AlarmName="lambda-errors-primary-prod", StateValue="ALARM", StateReason="a drill"
        )
    )


def test_the_runner_cannot_change_the_stack(runner: Clients, outputs: Outputs) -> None:
    stack = outputs["PrimaryStackName"]

    assert refused(lambda: runner.cloudformation(EAST).delete_stack(StackName=stack))
    assert refused(lambda: runner.s3(EAST).delete_bucket(Bucket=outputs["PrimaryDocumentsBucketName"]))


def test_the_deployer_makes_no_role_and_ends_no_key_by_itself(deployer: Clients, outputs: Outputs) -> None:
    key = outputs["PrimaryKMSKeyArn"]

    assert refused(lambda: deployer.kms(EAST).schedule_key_deletion(KeyId=key, PendingWindowInDays=7))
    assert refused(
        lambda: deployer.iam(EAST).create_role(RoleName="TapStack-ci-7-mine", AssumeRolePolicyDocument="{}")
    )


def test_the_deployer_reads_no_record(deployer: Clients, outputs: Outputs) -> None:
    key = {"transactionId": {"S": "customer-1"}, "timestamp": {"N": "1"}}

    assert refused(
        lambda: deployer.dynamodb(EAST).get_item(TableName=outputs["TransactionsTableName"], Key=key)
    )
