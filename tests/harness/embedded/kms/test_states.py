"""A key's state decides what may be done with it, and time ends it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from .refused import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms import KMSClient

    from .serving import Served

USES: dict[str, Callable[[KMSClient, str], object]] = {
    "encrypt": lambda kms, key: kms.encrypt(KeyId=key, Plaintext=b"x"),
    "generate-data-key": lambda kms, key: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
    "generate-data-key-without-plaintext": lambda kms, key: kms.generate_data_key_without_plaintext(
        KeyId=key, KeySpec="AES_256"
    ),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_disabled_key_refuses(east: KMSClient, use: Callable[[KMSClient, str], object]) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    east.disable_key(KeyId=key)

    assert refusal(lambda: use(east, key)) == ("DisabledException", f"{key} is disabled.")


def test_a_disabled_key_opens_nothing_until_it_is_enabled(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    sealed = east.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    east.disable_key(KeyId=key)

    assert refusal(lambda: east.decrypt(CiphertextBlob=sealed)) == (
        "DisabledException",
        f"{key} is disabled.",
    )
    east.enable_key(KeyId=key)
    assert east.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_a_disabled_key_signs_nothing(east: KMSClient) -> None:
    key = east.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    east.disable_key(KeyId=key)

    assert refusal(lambda: east.sign(KeyId=key, Message=b"x", SigningAlgorithm="ECDSA_SHA_256")) == (
        "DisabledException",
        f"{key} is disabled.",
    )


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_key_pending_deletion_refuses(east: KMSClient, use: Callable[[KMSClient, str], object]) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    east.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    assert refusal(lambda: use(east, key)) == ("KMSInvalidStateException", f"{key} is pending deletion.")


def test_a_key_is_gone_when_its_waiting_period_is_over(served: Served, east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    east.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    assert east.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    served.world.clock.advance(7 * 86_400 + 1)
    assert refusal(lambda: east.describe_key(KeyId=key)) == (
        "NotFoundException",
        f"Key '{key}' does not exist",
    )


def test_a_primary_waits_for_its_replica_before_its_own_period_starts(
    served: Served, east: KMSClient, west: KMSClient, pair: tuple[str, str]
) -> None:
    answer = east.schedule_key_deletion(KeyId=pair[0], PendingWindowInDays=7)

    assert (answer["KeyState"], "DeletionDate" in answer) == ("PendingReplicaDeletion", False)
    west.schedule_key_deletion(KeyId=pair[1], PendingWindowInDays=7)
    assert east.describe_key(KeyId=pair[0])["KeyMetadata"]["KeyState"] == "PendingReplicaDeletion"
    assert refusal(lambda: east.encrypt(KeyId=pair[0], Plaintext=b"x"))[0] == "KMSInvalidStateException"
    served.world.clock.advance(7 * 86_400 + 1)
    assert east.describe_key(KeyId=pair[0])["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_a_replica_is_disabled_by_itself(east: KMSClient, west: KMSClient, pair: tuple[str, str]) -> None:
    west.disable_key(KeyId=pair[1])

    assert refusal(lambda: west.encrypt(KeyId=pair[1], Plaintext=b"x"))[0] == "DisabledException"
    assert east.encrypt(KeyId=pair[0], Plaintext=b"x")["KeyId"] == pair[0]


@pytest.mark.parametrize(
    ("use", "code"),
    [
        (
            lambda kms, key: kms.sign(KeyId=key, Message=b"x", SigningAlgorithm="ECDSA_SHA_256"),
            "InvalidKeyUsageException",
        ),
        (
            lambda kms, key: kms.generate_mac(KeyId=key, Message=b"x", MacAlgorithm="HMAC_SHA_256"),
            "InvalidKeyUsageException",
        ),
        (lambda kms, key: kms.get_public_key(KeyId=key), "UnsupportedOperationException"),
    ],
    ids=["sign", "generate-mac", "get-public-key"],
)
def test_a_symmetric_key_is_for_encryption_only(
    use: Callable[[KMSClient, str], object], code: str, east: KMSClient
) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]

    assert refusal(lambda: use(east, key))[0] == code


def test_only_a_key_that_can_be_used_is_rotated_on_demand(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    signing = east.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    east.rotate_key_on_demand(KeyId=key)
    east.disable_key(KeyId=key)

    reported = [refusal(partial(east.rotate_key_on_demand, KeyId=arn))[0] for arn in (key, signing)]

    assert reported == ["DisabledException", "UnsupportedOperationException"]
    assert [each["RotationType"] for each in east.list_key_rotations(KeyId=key)["Rotations"]] == ["ON_DEMAND"]


def test_the_names_of_aws_s_own_keys_are_not_given_away(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]

    assert refusal(lambda: east.create_alias(AliasName="alias/aws/mine", TargetKeyId=key)) == (
        "NotAuthorizedException",
        "",
    )
