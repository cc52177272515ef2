"""The KMS resource types as CloudFormation makes, changes and deletes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.cloudformation.parsing import get_model_map

from qa.embedded.kms import KmsRefusalError, models

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from .serving import Served

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


def create(kind: Any, region: str, properties: dict[str, Any]) -> Any:
    return kind.create_from_cloudformation_json("name", {"Properties": properties}, ACCOUNT, region)


def update(resource: Any, properties: dict[str, Any]) -> Any:
    return type(resource).update_from_cloudformation_json(
        resource, "name", {"Properties": properties}, ACCOUNT, resource.region
    )


def test_our_types_stand_in_for_motos(served: Served) -> None:
    types = get_model_map()

    assert {name: types[name] for name in ("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias")} == {
        "AWS::KMS::Key": models.KeyResource,
        "AWS::KMS::ReplicaKey": models.ReplicaKeyResource,
        "AWS::KMS::Alias": models.AliasResource,
    }


def test_a_key_is_made_with_all_its_properties(east: KMSClient) -> None:
    key = create(models.KeyResource, "us-east-1", PROPERTIES)
    key_id = key.physical_resource_id

    told = east.describe_key(KeyId=key_id)["KeyMetadata"]

    assert (told["Arn"], told["MultiRegion"]) == (key.get_cfn_attribute("Arn"), True)
    assert east.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"] is True
    assert east.list_resource_tags(KeyId=key_id)["Tags"] == [{"TagKey": "stage", "TagValue": "dev"}]
    assert json.loads(east.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]) == POLICY


def test_a_replica_key_is_made_from_its_primary(west: KMSClient) -> None:
    primary = create(models.KeyResource, "us-east-1", PROPERTIES)

    replica = create(
        models.ReplicaKeyResource,
        "us-west-2",
        {"PrimaryKeyArn": primary.get_cfn_attribute("Arn"), "KeyPolicy": POLICY},
    )

    told = west.describe_key(KeyId=replica.physical_resource_id)["KeyMetadata"]
    assert told["MultiRegionConfiguration"]["MultiRegionKeyType"] == "REPLICA"
    assert west.get_key_rotation_status(KeyId=told["KeyId"])["KeyRotationEnabled"] is True


def test_a_replica_of_a_missing_or_single_region_key_is_refused(served: Served) -> None:
    single = create(models.KeyResource, "us-east-1", {"KeyPolicy": POLICY}).get_cfn_attribute("Arn")
    missing = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/mrk-{'0' * 32}"

    with pytest.raises(KmsRefusalError, match=f"NotFoundException: Key '{missing}' does not exist"):
        create(models.ReplicaKeyResource, "us-west-2", {"PrimaryKeyArn": missing, "KeyPolicy": POLICY})
    with pytest.raises(
        KmsRefusalError, match=f"UnsupportedOperationException: {single} is not a multi-Region"
    ):
        create(models.ReplicaKeyResource, "us-west-2", {"PrimaryKeyArn": single, "KeyPolicy": POLICY})


def test_a_key_is_changed_in_place(east: KMSClient) -> None:
    key = create(models.KeyResource, "us-east-1", PROPERTIES)

    changed = update(key, {**PROPERTIES, "Enabled": False, "EnableKeyRotation": False, "Description": "new"})

    told = east.describe_key(KeyId=key.physical_resource_id)["KeyMetadata"]
    assert changed.physical_resource_id == key.physical_resource_id
    assert (told["KeyState"], told["Description"]) == ("Disabled", "new")
    assert east.get_key_rotation_status(KeyId=key.physical_resource_id)["KeyRotationEnabled"] is False


def test_a_key_does_not_become_single_region(served: Served) -> None:
    key = create(models.KeyResource, "us-east-1", PROPERTIES)

    with pytest.raises(KmsRefusalError, match="MultiRegion of a key cannot be changed"):
        update(key, {**PROPERTIES, "MultiRegion": False})


def test_a_deleted_key_waits_for_its_period(east: KMSClient) -> None:
    key = create(models.KeyResource, "us-east-1", PROPERTIES)

    key.delete(ACCOUNT, "us-east-1")
    key.delete(ACCOUNT, "us-east-1")

    assert east.describe_key(KeyId=key.physical_resource_id)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_an_alias_moves_from_key_to_key_and_goes(east: KMSClient) -> None:
    first, second = (
        create(models.KeyResource, "us-east-1", PROPERTIES).physical_resource_id for _ in range(2)
    )
    alias = create(models.AliasResource, "us-east-1", {"AliasName": "alias/a", "TargetKeyId": first})

    update(alias, {"AliasName": "alias/a", "TargetKeyId": second})
    target = east.describe_key(KeyId="alias/a")["KeyMetadata"]["KeyId"]
    alias.delete(ACCOUNT, "us-east-1")

    assert target == second
    assert [each for each in east.list_aliases()["Aliases"] if each["AliasName"] == "alias/a"] == []


def test_an_alias_that_is_taken_is_refused(served: Served) -> None:
    key = create(models.KeyResource, "us-east-1", PROPERTIES).physical_resource_id
    create(models.AliasResource, "us-east-1", {"AliasName": "alias/a", "TargetKeyId": key})

    with pytest.raises(KmsRefusalError) as refused:
        create(models.AliasResource, "us-east-1", {"AliasName": "alias/a", "TargetKeyId": key})

    arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/a"
    assert str(refused.value) == f"AlreadyExistsException: An alias with the name {arn} already exists"
