"""The little of CBOR that errors need: one map of texts, https://www.rfc-editor.org/rfc/rfc8949."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, MAP = 3, 5


def in_cbor(members: Mapping[str, str]) -> bytes:
    """Return a map of texts."""
    return _head(MAP, len(members)) + b"".join(_text(name) + _text(text) for name, text in members.items())


def _text(text: str) -> bytes:
    content = text.encode("utf-8", "replace")
    return _head(TEXT, len(content)) + content


def _head(kind: int, size: int) -> bytes:
    """Return the type and the size that stand before a value."""
    if size < 24:
        return bytes([kind << 5 | size])
    count, width = next((count, width) for count, width in ((24, 1), (25, 2), (26, 4)) if size < 256**width)
    return bytes([kind << 5 | count]) + size.to_bytes(width, "big")
