"""Encrypting, decrypting and signing in place of moto's, which knows no key states."""

from __future__ import annotations

import base64
import json
import os
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from qa.embedded.patches import Patch, operation, replacement

from .ciphertext import key_id_of, open_sealed, seal
from .keys import find
from .lifecycle import require_usable
from .refusals import KmsRefusalError, incorrect_key, invalid, unknown_ciphertext_key, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from moto.kms.models import Key

    from qa.embedded.world import World

MAX_PLAINTEXT_BYTES = 4096


def encrypt(
    world: World, backend: KmsBackend, key_id: str, plaintext: bytes, encryption_context: Mapping[str, str]
) -> tuple[bytes, str]:
    """Return the ciphertext and the key's ARN."""
    key = _encrypting_key(world, backend, key_id)
    if not 1 <= len(plaintext) <= MAX_PLAINTEXT_BYTES:
        bound = "greater than or equal to 1" if not plaintext else "less than or equal to 4096"
        raise invalid(
            "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: "
            f"Member must have length {bound}"
        )
    return seal(key.key_material, key.id, plaintext, encryption_context), key.arn


def decrypt(
    world: World,
    backend: KmsBackend,
    ciphertext_blob: bytes,
    encryption_context: Mapping[str, str],
    key_id: str | None = None,
) -> tuple[bytes, str]:
    """Return the plaintext and the ARN of this region's key."""
    expected = key_id_of(ciphertext_blob)
    if key_id and find(world, backend.region_name, key_id).id != expected:
        raise incorrect_key()
    if expected not in backend.keys:
        raise unknown_ciphertext_key()
    key = find(world, backend.region_name, expected)
    require_usable(key)
    return open_sealed(key.key_material, ciphertext_blob, encryption_context), key.arn


def generate_data_key(
    world: World,
    backend: KmsBackend,
    key_id: str,
    encryption_context: Mapping[str, str],
    number_of_bytes: int | None,
    key_spec: str | None,
) -> tuple[bytes, bytes, str]:
    """Return plaintext, ciphertext and the key's ARN."""
    size = {"AES_128": 16, "AES_256": 32}.get(key_spec or "", number_of_bytes or 32)
    plaintext = os.urandom(size)
    ciphertext, arn = encrypt(world, backend, key_id, plaintext, encryption_context)
    return plaintext, ciphertext, arn


def re_encrypt(self: KmsResponse, world: World) -> str:
    """Answer ReEncrypt in place of moto, which does not look at SourceKeyId."""
    backend = self.kms_backend
    plaintext, source_arn = decrypt(
        world,
        backend,
        self._get_param("CiphertextBlob"),
        self._get_param("SourceEncryptionContext", {}),
        self._get_param("SourceKeyId"),
    )
    ciphertext, arn = encrypt(
        world,
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


def _encrypting_key(world: World, backend: KmsBackend, name: str) -> Key:
    key = find(world, backend.region_name, name)
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


def _only_usable(
    original: Callable[..., Any], world: World, *, fits: Callable[[Key], None]
) -> Callable[..., Any]:
    def usable(self: KmsBackend, *args: Any, **kwargs: Any) -> Any:
        name = kwargs["key_id"] if "key_id" in kwargs else args[0]
        key = find(world, self.region_name, name)
        require_usable(key)
        fits(key)
        if "key_id" in kwargs:
            return original(self, *args, **{**kwargs, "key_id": key.id})
        return original(self, key.id, *args[1:], **kwargs)

    return usable


def _completed(
    original: Callable[[KmsResponse], str], _: World, *, members: Mapping[str, str]
) -> Callable[[KmsResponse], str]:
    """Return the operation with what its response lacks, and with its dry run."""

    def completed(self: KmsResponse) -> str:
        response = json.loads(original(self))
        if self._get_param("DryRun"):
            raise KmsRefusalError(
                "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."
            )
        return json.dumps({**response, **members})

    return completed


SIGNS = partial(_require_usage, usage="SIGN_VERIFY")
MAKES_MACS = partial(_require_usage, usage="GENERATE_VERIFY_MAC")
ALGORITHM = {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
LACKED: dict[str, dict[str, str]] = {
    "encrypt": ALGORITHM,
    "decrypt": ALGORITHM,
    "re_encrypt": {},
    "generate_data_key": {},
    "sign": {},
    "verify": {},
    "generate_mac": {},
    "verify_mac": {},
}
"""What moto's response to an operation that knows a dry run lacks."""
CHECKED: dict[str, tuple[str, Callable[[Key], None]]] = {
    "sign": ("self, key_id, message, signing_algorithm", SIGNS),
    "verify": ("self, key_id, message, signature, signing_algorithm", SIGNS),
    "generate_mac": ("self, message, key_id, mac_algorithm, grant_tokens, dry_run", MAKES_MACS),
    "get_public_key": ("self, key_id", _require_pair),
}
"""What takes any key: its parameters, and what the key has to be good for."""
PATCHES = (
    replacement(KmsBackend, "encrypt", "self, key_id, plaintext, encryption_context", encrypt),
    replacement(KmsBackend, "decrypt", "self, ciphertext_blob, encryption_context, key_id", decrypt),
    replacement(
        KmsBackend,
        "generate_data_key",
        "self, key_id, encryption_context, number_of_bytes, key_spec",
        generate_data_key,
    ),
    *[
        Patch(owner=KmsBackend, name=name, parameters=parameters, around=partial(_only_usable, fits=fits))
        for name, (parameters, fits) in CHECKED.items()
    ],
    operation(KmsResponse, "re_encrypt", re_encrypt),
    *[
        Patch(owner=KmsResponse, name=name, parameters="self", around=partial(_completed, members=members))
        for name, members in LACKED.items()
    ],
)
"""A dry run is refused outside of the operation itself, so that it is refused as the operation is."""
