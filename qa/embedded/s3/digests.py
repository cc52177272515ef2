"""Digests that come with an object's bytes: bytes that do not fit them are not stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any

from .crc import crc32c, crc64nvme
from .refusals import S3RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.s3.responses import S3Response

    from qa.embedded.world import World

PREFIX = "x-amz-checksum-"
TRAILER = re.compile(rb"(x-amz-checksum-[a-z0-9]+):([A-Za-z0-9+/=]+)\r?\n")
TRAILER_BYTES = 512

# xxHash is refused by name: nothing that is installed computes it.
ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda body: struct.pack(">I", zlib.crc32(body)),
    "crc32c": crc32c,
    "crc64nvme": crc64nvme,
    "md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
    "sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
    "sha512": lambda body: hashlib.sha512(body).digest(),
}


def compute_checksum(
    _: World,
    body: bytes,
    algorithm: str,
    encode_base64: bool = True,  # noqa: FBT001, FBT002 - moto's
) -> bytes:
    """Return a checksum; moto would return one for another that it does not have."""
    digest = ALGORITHMS[algorithm.lower()](body)
    return base64.b64encode(digest) if encode_base64 else digest


def verified(respond: Callable[[S3Response], Any], _: World) -> Callable[[S3Response], Any]:
    """Return an operation that takes bytes, but only those that fit the digests sent with them."""

    def respond_verified(self: S3Response) -> Any:
        body: bytes = self.body
        _verify_md5(body, self.headers.get("Content-MD5"))
        for algorithm, given in _checksums(self):
            _verify(body, algorithm, given)
        return respond(self)

    return respond_verified


def _checksums(response: S3Response) -> Iterator[tuple[str, str]]:
    for algorithm in ALGORITHMS:
        given = response.headers.get(PREFIX + algorithm)
        if given:
            yield algorithm, given
    if "x-amz-trailer" in response.headers:
        for name, value in TRAILER.findall(response.raw_body[-TRAILER_BYTES:]):
            yield name.decode().removeprefix(PREFIX), value.decode()


def _verify_md5(body: bytes, given: str | None) -> None:
    if given is None:
        return
    try:
        expected = base64.b64decode(given, validate=True)
    except binascii.Error:
        expected = b""
    if len(expected) != 16:
        raise S3RefusalError("InvalidDigest", "The Content-MD5 you specified was invalid.")
    if hashlib.md5(body, usedforsecurity=False).digest() != expected:
        raise S3RefusalError("BadDigest", "The Content-MD5 you specified did not match what we received.")


def _verify(body: bytes, algorithm: str, given: str) -> None:
    compute = ALGORITHMS.get(algorithm)
    if compute is not None and base64.b64encode(compute(body)).decode() != given:
        raise S3RefusalError(
            "BadDigest", f"The {algorithm.upper()} you specified did not match the calculated checksum."
        )
