"""Encrypting, decrypting and signing in place of moto's, which knows no key states."""

from __future__ import annotations

import base64
import json
import os
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from .ciphertext import key_id_of, open_sealed, seal
from .keys import find
from .lifecycle import require_usable
from .refusals import KmsRefusalError, incorrect_key, invalid, unknown_ciphertext_key, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.kms.models import Key

MAX_PLAINTEXT_BYTES = 4096


def encrypt(
    self: KmsBackend, key_id: str, plaintext: bytes, encryption_context: Mapping[str, str]
) -> tuple[bytes, str]:
    """Replace KmsBackend.encrypt: return the ciphertext and the key's ARN."""
    key = _encrypting_key(self, key_id)
    if not 1 <= len(plaintext) <= MAX_PLAINTEXT_BYTES:
        bound = "greater than or equal to 1" if not plaintext else "less than or equal to 4096"
        raise invalid(
            "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
            f"Member must have length {bound}"
        )
    return seal(key.key_material, key.id, plaintext, encryption_context), key.arn


def decrypt(
    self: KmsBackend,
    ciphertext_blob: bytes,
    encryption_context: Mapping[str, str],
    key_id: str | None = None,
) -> tuple[bytes, str]:
    """Replace KmsBackend.decrypt: return the plaintext and the ARN of this region's key."""
    wanted = key_id_of(ciphertext_blob)
    if key_id and find(self.region_name, key_id).id != wanted:
        raise incorrect_key()
    if wanted not in self.keys:
        raise unknown_ciphertext_key()
    key = find(self.region_name, wanted)
    require_usable(key)
    return open_sealed(key.key_material, ciphertext_blob, encryption_context), key.arn


def generate_data_key(
    self: KmsBackend,
    key_id: str,
    encryption_context: Mapping[str, str],
    number_of_bytes: int | None,
    key_spec: str | None,
) -> tuple[bytes, bytes, str]:
    """Replace KmsBackend.generate_data_key: return plaintext, ciphertext and the key's ARN."""
    size = {"AES_128": 16, "AES_256": 32}.get(key_spec or "", number_of_bytes or 32)
    plaintext = os.urandom(size)
    ciphertext, arn = encrypt(self, key_id, plaintext, encryption_context)
    return plaintext, ciphertext, arn


def re_encrypt(self: KmsResponse) -> str:
    """Replace KmsResponse.re_encrypt, which does not look at SourceKeyId."""
    backend = self.kms_backend
    plaintext, source_arn = decrypt(
        backend,
        self._get_param("CiphertextBlob"),
        self._get_param("SourceEncryptionContext", {}),
        self._get_param("SourceKeyId"),
    )
    ciphertext, arn = encrypt(
        backend,
        self._get_param("DestinationKeyId"),
        plaintext,
        self._get_param("DestinationEncryptionContext", {}),
    )
    answer = {
        "CiphertextBlob": base64.b64encode(ciphertext).decode(),
        "KeyId": arn,
        "SourceKeyId": source_arn,
        "SourceEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "DestinationEncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }
    return json.dumps(answer)


def _encrypting_key(backend: KmsBackend, name: str) -> Key:
    key = find(backend.region_name, name)
    require_usable(key)
    _require_usage(key, "ENCRYPT_DECRYPT")
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise unsupported(f"the embedded AWS does not model encryption under a key of spec {key.key_spec}")
    return key


def _require_usage(key: Key, usage: str) -> None:
    if key.key_usage != usage:
        raise KmsRefusalError(
            "InvalidKeyUsageException",
            f"{key.arn} key usage is {key.key_usage} which is not valid for this operation.",
        )


def _require_pair(key: Key) -> None:
    if key.private_key is None:
        raise unsupported(f"{key.arn} key spec is {key.key_spec} which has no public key.")


def _only_usable(operation: Callable[..., Any], fits: Callable[[Key], None]) -> Callable[..., Any]:
    @wraps(operation)
    def usable(self: KmsBackend, *args: Any, **kwargs: Any) -> Any:
        name = kwargs["key_id"] if "key_id" in kwargs else args[0]
        key = find(self.region_name, name)
        require_usable(key)
        fits(key)
        if "key_id" in kwargs:
            return operation(self, *args, **{**kwargs, "key_id": key.id})
        return operation(self, key.id, *args[1:], **kwargs)

    return usable


def _told(operation: Callable[[KmsResponse], str], **members: str) -> Callable[[KmsResponse], str]:
    """Return the operation with what its answer lacks, and with its dry run."""

    @wraps(operation)
    def told(self: KmsResponse) -> str:
        answer = json.loads(operation(self))
        if self._get_param("DryRun"):
            raise KmsRefusalError(
                "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."
            )
        return json.dumps({**answer, **members})

    return told


SIGNS = partial(_require_usage, usage="SIGN_VERIFY")
MAKES_MACS = partial(_require_usage, usage="GENERATE_VERIFY_MAC")
ALGORITHM = {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
HOOKS: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (KmsBackend, "encrypt", encrypt),
    (KmsBackend, "decrypt", decrypt),
    (KmsBackend, "generate_data_key", generate_data_key),
    (KmsBackend, "sign", _only_usable(KmsBackend.sign, SIGNS)),
    (KmsBackend, "verify", _only_usable(KmsBackend.verify, SIGNS)),
    (KmsBackend, "generate_mac", _only_usable(KmsBackend.generate_mac, MAKES_MACS)),
    (KmsBackend, "get_public_key", _only_usable(KmsBackend.get_public_key, _require_pair)),
    (KmsResponse, "encrypt", _told(KmsResponse.encrypt, **ALGORITHM)),
    (KmsResponse, "decrypt", _told(KmsResponse.decrypt, **ALGORITHM)),
    (KmsResponse, "re_encrypt", _told(re_encrypt)),
    (KmsResponse, "generate_data_key", _told(KmsResponse.generate_data_key)),
    (KmsResponse, "sign", _told(KmsResponse.sign)),
    (KmsResponse, "verify", _told(KmsResponse.verify)),
    (KmsResponse, "generate_mac", _told(KmsResponse.generate_mac)),
    (KmsResponse, "verify_mac", _told(KmsResponse.verify_mac)),
)
