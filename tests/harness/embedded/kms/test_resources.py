"""The KMS resource types as CloudFormation makes, changes and deletes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.one_resource import FailedError, OneResource

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

ACCOUNT = "123456789012"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
PROPERTIES = {
    "KeyPolicy": POLICY,
    "MultiRegion": True,
    "EnableKeyRotation": "true",
    "PendingWindowInDays": 7,
    "Tags": [{"Key": "stage", "Value": "dev"}],
}


def stack_of(
    account: Served, kind: str = "Key", *, region: str = "us-east-1", name: str = "demo"
) -> OneResource:
    attributes = () if kind == "Alias" else ("Arn",)
    client = account.client("cloudformation", region=region)
    return OneResource(cloudformation=client, kind=f"AWS::KMS::{kind}", attributes=attributes, name=name)


def replica_of(account: Served, arn: str) -> dict[str, str]:
    stack = stack_of(account, "ReplicaKey", region="us-west-2")
    return stack.create({"PrimaryKeyArn": arn, "KeyPolicy": POLICY})


def test_a_key_is_made_with_all_its_properties(account: Served) -> None:
    key = stack_of(account).create(PROPERTIES)

    kms = account.client("kms")
    response = kms.describe_key(KeyId=key["Ref"])["KeyMetadata"]
    assert (response["Arn"], response["MultiRegion"]) == (key["Arn"], True)
    assert kms.get_key_rotation_status(KeyId=key["Ref"])["KeyRotationEnabled"] is True
    assert kms.list_resource_tags(KeyId=key["Ref"])["Tags"] == [{"TagKey": "stage", "TagValue": "dev"}]
    assert json.loads(kms.get_key_policy(KeyId=key["Ref"], PolicyName="default")["Policy"]) == POLICY


def test_a_replica_key_is_made_from_its_primary(account: Served) -> None:
    primary = stack_of(account).create(PROPERTIES)

    replica = replica_of(account, primary["Arn"])

    kms = account.client("kms", region="us-west-2")
    response = kms.describe_key(KeyId=replica["Ref"])["KeyMetadata"]
    assert response["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert (replica["Ref"], replica["Arn"]) == (primary["Ref"], response["Arn"])
    assert kms.get_key_rotation_status(KeyId=response["KeyId"])["KeyRotationEnabled"] is True


def test_a_replica_of_a_missing_key_is_refused(account: Served) -> None:
    missing = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-{'0' * 32}"

    with pytest.raises(FailedError) as refused:
        replica_of(account, missing)

    assert str(refused.value) == f"Key '{missing}' does not exist"


def test_a_replica_of_a_single_region_key_is_refused(account: Served) -> None:
    single = stack_of(account).create({"KeyPolicy": POLICY})["Arn"]

    with pytest.raises(FailedError, match=f"{single} is not a multi-Region"):
        replica_of(account, single)


def test_a_key_is_changed_in_place(account: Served) -> None:
    stack = stack_of(account)
    key = stack.create(PROPERTIES)

    changed = stack.update({**PROPERTIES, "Enabled": False, "EnableKeyRotation": False, "Description": "new"})

    kms = account.client("kms")
    response = kms.describe_key(KeyId=key["Ref"])["KeyMetadata"]
    assert changed == key
    assert (response["KeyState"], response["Description"]) == ("Disabled", "new")
    assert kms.get_key_rotation_status(KeyId=key["Ref"])["KeyRotationEnabled"] is False


def test_the_rotation_of_a_disabled_key_can_be_changed(account: Served) -> None:
    stack = stack_of(account)
    key = stack.create({**PROPERTIES, "Enabled": False})

    stack.update({**PROPERTIES, "Enabled": False, "EnableKeyRotation": False})

    kms = account.client("kms")
    assert kms.describe_key(KeyId=key["Ref"])["KeyMetadata"]["KeyState"] == "Disabled"
    assert kms.get_key_rotation_status(KeyId=key["Ref"])["KeyRotationEnabled"] is False


def test_a_key_does_not_become_single_region(account: Served) -> None:
    stack = stack_of(account)
    stack.create(PROPERTIES)

    with pytest.raises(FailedError, match="MultiRegion of a key cannot be changed"):
        stack.update({**PROPERTIES, "MultiRegion": False})

    (told,) = account.client("cloudformation").describe_stacks()["Stacks"]
    assert told["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"


def test_a_deleted_key_waits_for_its_period(account: Served) -> None:
    stack = stack_of(account)
    key = stack.create(PROPERTIES)

    stack.delete()

    response = account.client("kms").describe_key(KeyId=key["Ref"])["KeyMetadata"]
    days = (response["DeletionDate"] - response["CreationDate"]).total_seconds() / 86_400
    assert (response["KeyState"], round(days)) == ("PendingDeletion", 7)


def test_a_key_that_waits_already_is_no_obstacle(account: Served) -> None:
    stack = stack_of(account)
    key = stack.create(PROPERTIES)
    account.client("kms").schedule_key_deletion(KeyId=key["Ref"], PendingWindowInDays=9)

    stack.delete()

    response = account.client("kms").describe_key(KeyId=key["Ref"])["KeyMetadata"]
    assert response["KeyState"] == "PendingDeletion"


def test_an_alias_moves_from_key_to_key_and_goes(account: Served) -> None:
    first, second = (stack_of(account, name=name).create(PROPERTIES)["Ref"] for name in ("first", "second"))
    alias, kms = stack_of(account, "Alias"), account.client("kms")
    alias.create({"AliasName": "alias/a", "TargetKeyId": first})

    alias.update({"AliasName": "alias/a", "TargetKeyId": second})
    target = kms.describe_key(KeyId="alias/a")["KeyMetadata"]["KeyId"]
    alias.delete()

    assert target == second
    assert [each for each in kms.list_aliases()["Aliases"] if each["AliasName"] == "alias/a"] == []


def test_an_alias_that_is_taken_is_refused(account: Served) -> None:
    key = stack_of(account, name="key").create(PROPERTIES)["Ref"]
    properties: dict[str, Any] = {"AliasName": "alias/a", "TargetKeyId": key}
    stack_of(account, "Alias", name="first").create(properties)

    with pytest.raises(FailedError) as refused:
        stack_of(account, "Alias", name="second").create(properties)

    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/a"
    assert str(refused.value) == f"An alias with the name {arn} already exists"
