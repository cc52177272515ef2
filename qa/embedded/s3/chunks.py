"""Bodies in the chunks of S3 (`aws-chunked`), which moto decodes without looking at them.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from moto.s3.responses import S3Response

from qa.embedded.patches import Patch

from .refusals import S3RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[^\r\n]*)?\r\n")
DECODED = "x-amz-decoded-content-length"


def decoded(body: bytes, *, length: int | None = None) -> bytes:
    """Return the bytes within the chunks; `length` is what their sum has to be.

    Raises S3RefusalError for a body whose framing is broken.
    """
    framed, content = io.BytesIO(body), bytearray()
    while True:
        match = SIZE.fullmatch(framed.readline())
        if match is None:
            raise incomplete("The request body terminated unexpectedly")
        size = int(match[1], 16)
        if not size:  # trailers follow
            break
        chunk = framed.read(size)
        if len(chunk) < size or framed.read(2) != b"\r\n":
            raise incomplete("The request body terminated unexpectedly")
        content += chunk
    if length is not None and len(content) != length:
        raise incomplete(
            "You did not provide the number of bytes specified by the Content-Length HTTP header."
        )
    return bytes(content)


def incomplete(words: str) -> S3RefusalError:
    """Return the answer to a body that is not whole."""
    return S3RefusalError("IncompleteBody", words)


def _decode_signed(_: Callable[..., bytes], _world: World) -> Callable[..., bytes]:
    # moto makes room for the length that the header says: one byte took 2 GB
    return lambda _self, body, content_length: decoded(body, length=content_length)


def _decode_unsigned(_: Callable[..., bytes], _world: World) -> Callable[..., bytes]:
    def handle_encoded_body(self: S3Response, body: Any) -> bytes:
        content = body if isinstance(body, bytes) else body.read()
        length = self.headers.get(DECODED)
        return decoded(content, length=None if length is None else int(length))

    return handle_encoded_body


PATCHES = (
    Patch(
        owner=S3Response,
        name="_handle_v4_chunk_signatures",
        parameters="self, body, content_length",
        around=_decode_signed,
    ),
    Patch(owner=S3Response, name="_handle_encoded_body", parameters="self, body", around=_decode_unsigned),
)
