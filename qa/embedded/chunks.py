"""Bodies that come in chunks: HTTP's own framing, read strictly."""

from __future__ import annotations

import io
import re
from typing import Any

SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
LONGEST_LINE = 4_096
MOST_TRAILERS = 100


class BrokenChunksError(OSError):
    """The body is not what its framing says."""


class Chunked(io.RawIOBase):
    """The bytes of a body with `Transfer-Encoding: chunked`; a read raises BrokenChunksError.

    werkzeug's own waits for bytes of a chunk that never come, and takes sizes such as 0x10 and 1_0.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._left = 0
        self._is_first = True
        self._is_done = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes of the chunk that is under way, or of the next one."""
        if not self._left and not self._is_done:
            self._next()
        if self._is_done or not len(buffer):
            return 0
        content = self._connection.read1(min(self._left, len(buffer)))
        if not content:
            raise BrokenChunksError("the connection ended within a chunk")
        self._left -= len(content)
        buffer[: len(content)] = content
        return len(content)

    def _next(self) -> None:
        if not self._is_first and self._line() != b"\r\n":
            raise BrokenChunksError("a chunk is longer than its size")
        self._is_first = False
        size = SIZE.fullmatch(self._line())
        if size is None:
            raise BrokenChunksError("a chunk has no size")
        self._left = int(size[1], 16)
        if not self._left:
            self._skip_trailers()
            self._is_done = True

    def _skip_trailers(self) -> None:
        for _ in range(MOST_TRAILERS):
            line = self._line()
            if line == b"\r\n":
                return
            if not line.endswith(b"\r\n"):
                break
        raise BrokenChunksError("the trailers do not end")

    def _line(self) -> bytes:
        return bytes(self._connection.readline(LONGEST_LINE))
