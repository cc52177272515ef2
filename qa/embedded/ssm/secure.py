"""SecureStrings: sealed and opened by KMS, as the caller and with the caller's rights on the key.

A value of the standard tier is sealed by the key itself (kms:Encrypt), one of the advanced tier by a data key
(kms:GenerateDataKey). https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
"""

from __future__ import annotations

import base64
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qa.embedded.kms import (
    KmsRefusalError,
    decrypt,
    encrypt,
    generate_data_key,
    managed_key_arn,
)

from .refusals import SsmRefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.world import World

MANAGED = "alias/aws/ssm"
ADVANCED = "Advanced"
NONCE = 12
SIZE = 4
"""Bytes that say how long a sealed data key is."""


def seal(world: World, region: str, arn: str, *, key: str, value: str, tier: str) -> str:
    """Return a value as ciphertext in base64. Raises SsmRefusalError when the key does not let the caller."""
    used = managed_key_arn(world, region, "ssm") if key == MANAGED else key
    request = _use_of_key(world, region, arn)
    with _as_ssm():
        if tier != ADVANCED:
            sealed = encrypt(world, key=used, plaintext=value.encode(), **request)
            return base64.b64encode(sealed).decode()
        data_key = generate_data_key(world, key_arn_or_id=used, **request)
    nonce = os.urandom(NONCE)
    content = AESGCM(data_key.plaintext).encrypt(nonce, value.encode(), arn.encode())
    size = len(data_key.ciphertext).to_bytes(SIZE, "big")
    return base64.b64encode(size + data_key.ciphertext + nonce + content).decode()


def unseal(world: World, region: str, arn: str, *, key: str, value: str, tier: str) -> str:
    """Return what a ciphertext holds. Raises SsmRefusalError when the key does not let the caller."""
    used = managed_key_arn(world, region, "ssm") if key == MANAGED else key
    request = _use_of_key(world, region, arn)
    sealed = base64.b64decode(value)
    with _as_ssm():
        if tier != ADVANCED:
            return decrypt(world, key_arn_or_id=used, ciphertext=sealed, **request).decode()
        end = SIZE + int.from_bytes(sealed[:SIZE], "big")
        data_key = decrypt(world, key_arn_or_id=used, ciphertext=sealed[SIZE:end], **request)
    nonce, content = sealed[end : end + NONCE], sealed[end + NONCE :]
    return AESGCM(data_key).decrypt(nonce, content, arn.encode()).decode()


def _use_of_key(world: World, region: str, arn: str) -> dict[str, Any]:
    return {
        "region": region,
        "caller": world.authorizer.current(),
        "via_service": f"ssm.{region}.amazonaws.com",
        "encryption_context": {"PARAMETER_ARN": arn},
    }


@contextmanager
def _as_ssm() -> Iterator[None]:
    try:
        yield
    except KmsRefusalError as refusal:
        is_denied = refusal.error_type == "AccessDeniedException"
        code = "AccessDeniedException" if is_denied else "InvalidKeyId"
        source = (
            f"(Service: AWSKMS; Status Code: 400; Error Code: {refusal.error_type}; Request ID: {uuid4()})"
        )
        raise SsmRefusalError(code, f"{refusal.message} {source}") from refusal
