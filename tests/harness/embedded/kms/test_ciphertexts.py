"""Where a ciphertext opens, and what it is bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.kms.ciphertext import open_sealed, seal
from qa.embedded.kms.refusals import KmsRefusalError

from .refused import refusal

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

FOREIGN = (
    "AccessDeniedException",
    (
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, "
        "or you are not allowed to access."
    ),
)
INCORRECT = (
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
)
CONTEXT = {"transactionId": "qa-1"}


def test_what_east_encrypts_under_a_multi_region_key_opens_in_west(
    east: KMSClient, west: KMSClient, pair: tuple[str, str]
) -> None:
    sealed = east.encrypt(KeyId=pair[0], Plaintext=b"DE00", EncryptionContext=CONTEXT)

    opened = west.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=CONTEXT, KeyId=pair[1])

    assert (sealed["KeyId"], opened["KeyId"], opened["Plaintext"]) == (pair[0], pair[1], b"DE00")
    assert opened["EncryptionAlgorithm"] == "SYMMETRIC_DEFAULT"


def test_what_west_encrypts_under_a_multi_region_key_opens_in_east(
    east: KMSClient, west: KMSClient, pair: tuple[str, str]
) -> None:
    sealed = west.encrypt(KeyId=pair[1], Plaintext=b"DE00")["CiphertextBlob"]

    opened = east.decrypt(CiphertextBlob=sealed)

    assert (opened["KeyId"], opened["Plaintext"]) == (pair[0], b"DE00")


def test_a_single_region_ciphertext_opens_at_home_and_nowhere_else(east: KMSClient, west: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]
    sealed = east.encrypt(KeyId=key, Plaintext=b"DE00")["CiphertextBlob"]

    assert east.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"DE00"
    assert refusal(lambda: west.decrypt(CiphertextBlob=sealed)) == FOREIGN


def test_naming_another_key_than_the_ciphertexts_is_refused(east: KMSClient, west: KMSClient) -> None:
    sealed = east.encrypt(KeyId=east.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    other, foreign = (client.create_key()["KeyMetadata"]["KeyId"] for client in (east, west))

    assert refusal(lambda: east.decrypt(CiphertextBlob=sealed, KeyId=other)) == INCORRECT
    assert refusal(lambda: west.decrypt(CiphertextBlob=sealed, KeyId=foreign)) == INCORRECT


@pytest.mark.parametrize(
    "context", [{}, {"transactionId": "qa-2"}, {**CONTEXT, "more": "1"}], ids=["none", "changed", "more"]
)
def test_a_ciphertext_does_not_open_under_another_context(east: KMSClient, context: dict[str, str]) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]
    sealed = east.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]

    code, _ = refusal(lambda: east.decrypt(CiphertextBlob=sealed, EncryptionContext=context))

    assert code == "InvalidCiphertextException"


def test_a_context_is_bound_as_pairs_not_as_one_text() -> None:
    sealed = seal(b"k" * 32, "mrk-0", b"x", {"ab": "c"})

    with pytest.raises(KmsRefusalError, match="InvalidCiphertextException"):
        open_sealed(b"k" * 32, sealed, {"a": "bc"})


def test_a_changed_ciphertext_does_not_open(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]
    sealed = east.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])

    assert refusal(lambda: east.decrypt(CiphertextBlob=changed))[0] == "InvalidCiphertextException"
    assert refusal(lambda: east.decrypt(CiphertextBlob=b"x"))[0] == "InvalidCiphertextException"


def test_a_ciphertext_moves_to_another_key_by_re_encryption(east: KMSClient) -> None:
    first, second = (east.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    sealed = east.encrypt(KeyId=first, Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]

    moved = east.re_encrypt(
        CiphertextBlob=sealed, SourceEncryptionContext=CONTEXT, SourceKeyId=first, DestinationKeyId=second
    )

    assert (moved["SourceKeyId"], moved["KeyId"]) == (first, second)
    assert east.decrypt(CiphertextBlob=moved["CiphertextBlob"])["Plaintext"] == b"x"


def test_at_most_4096_bytes_are_encrypted(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]

    assert east.encrypt(KeyId=key, Plaintext=b"x" * 4096)["CiphertextBlob"]
    assert refusal(lambda: east.encrypt(KeyId=key, Plaintext=b"x" * 4097))[0] == "ValidationException"


def test_a_dry_run_says_that_it_would_have_succeeded(east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["KeyId"]

    assert refusal(lambda: east.encrypt(KeyId=key, Plaintext=b"x", DryRun=True)) == (
        "DryRunOperationException",
        "The request would have succeeded, but the DryRun option is set.",
    )


def test_another_regions_arn_names_no_key_here(west: KMSClient, pair: tuple[str, str]) -> None:
    assert refusal(lambda: west.encrypt(KeyId=pair[0], Plaintext=b"x")) == (
        "NotFoundException",
        "Invalid arn us-east-1",
    )
