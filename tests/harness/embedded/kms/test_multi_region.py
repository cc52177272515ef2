"""A multi-Region key and its replica: what they share and what each has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .refused import refusal

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def test_both_ends_describe_the_family_and_their_own_part(
    east: KMSClient, west: KMSClient, pair: tuple[str, str]
) -> None:
    family = {
        "PrimaryKey": {"Arn": pair[0], "Region": "us-east-1"},
        "ReplicaKeys": [{"Arn": pair[1], "Region": "us-west-2"}],
    }

    replica = west.describe_key(KeyId=pair[1])["KeyMetadata"]
    primary = east.describe_key(KeyId=pair[0])["KeyMetadata"]

    assert primary["MultiRegionConfiguration"] == {"MultiRegionKeyType": "PRIMARY", **family}
    assert replica["MultiRegionConfiguration"] == {"MultiRegionKeyType": "REPLICA", **family}
    assert replica["KeyId"] == primary["KeyId"]


def test_a_multi_region_id_is_mrk_and_32_hex_digits(pair: tuple[str, str]) -> None:
    prefix, _, digits = pair[0].rpartition("/")[2].partition("-")

    assert (prefix, len(digits), int(digits, 16) >= 0) == ("mrk", 32, True)


def test_an_alias_belongs_to_its_region(east: KMSClient, west: KMSClient, pair: tuple[str, str]) -> None:
    east.create_alias(AliasName="alias/own", TargetKeyId=pair[0])

    assert east.describe_key(KeyId="alias/own")["KeyMetadata"]["Arn"] == pair[0]
    assert refusal(lambda: west.describe_key(KeyId="alias/own")) == (
        "NotFoundException",
        "Alias arn:aws:kms:us-west-2:123456789012:alias/own is not found.",
    )


def test_rotation_is_the_primarys_and_told_alike_by_the_replica(
    east: KMSClient, west: KMSClient, pair: tuple[str, str]
) -> None:
    east.enable_key_rotation(KeyId=pair[0], RotationPeriodInDays=180)

    at_home, away = (
        client.get_key_rotation_status(KeyId=arn) for client, arn in zip((east, west), pair, strict=True)
    )

    assert (at_home["KeyRotationEnabled"], at_home["RotationPeriodInDays"]) == (True, 180)
    assert away["NextRotationDate"] == at_home["NextRotationDate"]
    assert away["KeyId"] == pair[1]
    assert refusal(lambda: west.disable_key_rotation(KeyId=pair[1]))[0] == "UnsupportedOperationException"


def test_a_single_region_key_cannot_be_replicated(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]

    assert refusal(lambda: east.replicate_key(KeyId=key, ReplicaRegion="us-west-2")) == (
        "UnsupportedOperationException",
        f"{key} is not a multi-Region key.",
    )


def test_a_region_holds_one_replica(east: KMSClient, pair: tuple[str, str]) -> None:
    assert refusal(lambda: east.replicate_key(KeyId=pair[0], ReplicaRegion="us-west-2")) == (
        "AlreadyExistsException",
        f"{pair[1]} already exists",
    )


def test_primary_and_replica_change_places(east: KMSClient, west: KMSClient, pair: tuple[str, str]) -> None:
    east.enable_key_rotation(KeyId=pair[0])
    east.update_primary_region(KeyId=pair[0], PrimaryRegion="us-west-2")

    response = east.describe_key(KeyId=pair[0])["KeyMetadata"]["MultiRegionConfiguration"]

    assert response["MultiRegionKeyType"] == "REPLICA"
    assert response["PrimaryKey"] == {"Arn": pair[1], "Region": "us-west-2"}
    assert west.get_key_rotation_status(KeyId=pair[1])["KeyRotationEnabled"] is True


def test_the_replicas_policy_is_its_own(east: KMSClient, west: KMSClient, pair: tuple[str, str]) -> None:
    text = east.get_key_policy(KeyId=pair[0], PolicyName="default")["Policy"]
    changed = text.replace("Enable IAM User Permissions", "Changed in West")
    west.put_key_policy(KeyId=pair[1], PolicyName="default", Policy=changed)

    assert east.get_key_policy(KeyId=pair[0], PolicyName="default")["Policy"] == text
    assert west.get_key_policy(KeyId=pair[1], PolicyName="default")["Policy"] == changed
