"""Bodies in chunks are read strictly: what is broken is refused at once, and nobody waits for it."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.embedded.chunks import BrokenChunksError, Chunked

from .test_admission import JSON, answer, signed

if TYPE_CHECKING:
    from qa.embedded.process import EmbeddedProcess

CHUNKED = "Transfer-Encoding: chunked"
BROKEN = {
    "no size": b"zz\r\nabc\r\n0\r\n\r\n",
    "no number": b"\r\n",
    "negative size": b"-1\r\n",
    "prefixed size": b"0x3\r\nabc\r\n0\r\n\r\n",
    "size with underscore": b"1_0\r\naaaaaaaaaa\r\n0\r\n\r\n",
    "size beyond all": b"ffffffffffffffffffff\r\nabc",
    "longer than its size": b"3\r\nabcd\r\n0\r\n\r\n",
    "no end of a chunk": b"3\r\nabc0\r\n\r\n",
    "bare line feeds": b"3\nabc\n0\n\n",
    "endless trailers": b"0\r\n" + b"a: b\r\n" * 101,
}


@pytest.mark.parametrize(
    ("framed", "content"),
    [
        (b"0\r\n\r\n", b""),
        (b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"A;name=value\r\n0123456789\r\n000\r\nTrailer: 1\r\n\r\nnext", b"0123456789"),
    ],
    ids=["empty", "two chunks", "extension and trailer"],
)
def test_chunks_are_put_together(framed: bytes, content: bytes) -> None:
    assert io.BufferedReader(Chunked(io.BytesIO(framed))).read() == content


@pytest.mark.parametrize("framed", [*BROKEN.values(), b"", b"3\r\nab"], ids=[*BROKEN, "nothing", "cut off"])
def test_broken_framing_raises(framed: bytes) -> None:
    with pytest.raises(BrokenChunksError):
        io.BufferedReader(Chunked(io.BytesIO(framed))).read()


@pytest.mark.parametrize("framed", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_body_is_refused_although_its_sender_waits(process: EmbeddedProcess, framed: bytes) -> None:
    place = urlsplit(process.endpoint)
    with socket.create_connection((place.hostname or "", place.port or 0), 15) as connection:
        head = f"PUT /documents/a HTTP/1.1\r\nHost: {place.netloc}\r\n{CHUNKED}\r\n\r\n"
        connection.sendall(head.encode() + framed)  # and the connection stays open
        reported = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert reported.startswith(b"HTTP/1.1 400 BAD REQUEST\r\n")
    assert (
        b"<Code>IncompleteBody</Code><Message>The request body terminated unexpectedly</Message>" in reported
    )


def test_a_broken_body_in_json_is_a_serialization_error(process: EmbeddedProcess) -> None:
    status, body = answer(process, "POST /", JSON, CHUNKED, signed("dynamodb"), body=b"zz\r\n")

    assert (status, "SerializationException" in body) == (400, True)
