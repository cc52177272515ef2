"""The embedded KMS's ciphertext: AES-256-GCM under a header that names the key.

moto's header holds 36 characters of a key ID, so a multi-Region key's ciphertext opens nowhere, and its
encryption context runs names and values together. AWS's format is not public; nobody may parse it.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .refusals import invalid_ciphertext

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = b"\x01\x02\x05"
NONCE_BYTES = 12


def seal(material: bytes, key_id: str, plaintext: bytes, context: Mapping[str, str]) -> bytes:
    """Return the ciphertext of a plaintext under 32 bytes of key material."""
    header = _header(key_id)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(material).encrypt(nonce, plaintext, header + _bound(context))


def open_sealed(material: bytes, ciphertext: bytes, context: Mapping[str, str]) -> bytes:
    """Return the plaintext; raises InvalidCiphertextException for a change in ciphertext or context."""
    header = _header(key_id_of(ciphertext))
    nonce = ciphertext[len(header) : len(header) + NONCE_BYTES]
    try:
        return AESGCM(material).decrypt(
            nonce, ciphertext[len(header) + NONCE_BYTES :], header + _bound(context)
        )
    except (InvalidTag, ValueError) as changed:
        raise invalid_ciphertext() from changed


def key_id_of(ciphertext: bytes) -> str:
    """Return the ID of the key that a ciphertext names; raises InvalidCiphertextException for none."""
    start = len(VERSION) + 1
    if not ciphertext.startswith(VERSION) or len(ciphertext) <= start:
        raise invalid_ciphertext()
    name = ciphertext[start : start + ciphertext[len(VERSION)]]
    if not name or not name.isascii():
        raise invalid_ciphertext()
    return name.decode("ascii")


def _header(key_id: str) -> bytes:
    name = key_id.encode("ascii")
    return VERSION + struct.pack("B", len(name)) + name


def _bound(context: Mapping[str, str]) -> bytes:
    # each part under its length: {"ab": "c"} and {"a": "bc"} must not be the same bytes
    parts = [part.encode() for pair in sorted(context.items()) for part in pair]
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)
