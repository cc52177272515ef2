"""Objects that come in the chunks of S3: broken ones store nothing, and a length takes no memory."""

from __future__ import annotations

import tracemalloc

import pytest

from qa.embedded.s3.chunks import decoded
from qa.embedded.s3.refusals import S3RefusalError

TERMINATED = "The request body terminated unexpectedly"
OTHER_LENGTH = "You did not provide the number of bytes specified by the Content-Length HTTP header."
MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"0\r\n\r\n", b""),
        (b"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", b"abc"),
        (
            b"3;chunk-signature=ab\r\nabc\r\n2;chunk-signature=cd\r\n\r\n\r\n0;chunk-signature=ef\r\n",
            b"abc\r\n",
        ),
    ],
    ids=["empty", "trailer", "signed"],
)
def test_the_bytes_within_the_chunks_are_the_object(body: bytes, content: bytes) -> None:
    assert decoded(body, length=len(content)) == content


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", TERMINATED),
        (b"abc", TERMINATED),
        (b"zz;chunk-signature=ab\r\nabc\r\n0\r\n", TERMINATED),
        (b"3\r\nab", TERMINATED),
        (b"3\r\nabcd\r\n0\r\n", TERMINATED),
        (b"3\r\nabc\r\n", TERMINATED),
        (b"2\r\nab\r\n0\r\n", OTHER_LENGTH),
    ],
    ids=["nothing", "no chunks", "no size", "cut off", "longer", "no end", "another length"],
)
def test_broken_chunks_are_an_incomplete_body(body: bytes, words: str) -> None:
    with pytest.raises(S3RefusalError) as refused:
        decoded(body, length=3)

    assert (refused.value.code, refused.value.message, refused.value.status) == ("IncompleteBody", words, 400)


def test_a_length_that_is_only_said_takes_no_memory() -> None:
    tracemalloc.start()
    with pytest.raises(S3RefusalError):
        decoded(b"1\r\na\r\n0\r\n", length=2048 * MEBIBYTE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < MEBIBYTE
