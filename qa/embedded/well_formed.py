"""Answers in XML that every parser reads, whatever was stored under a name, tag or description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# UTF-8 of surrogates, U+FFFE and U+FFFF
NO_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]|\xef\xbf[\xbe\xbf]")


def in_xml(content: bytes) -> bytes:
    """Return UTF-8 of the same length without the characters that XML 1.0 excludes.

    A control character becomes "?", as CloudFormation shows what it cannot; the rest U+FFFD.
    """
    return NO_CHARACTER.sub(b"\xef\xbf\xbd", CONTROL.sub(b"?", content))


def answered(
    inner: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, *, holds_object: bool
) -> Iterable[bytes]:
    """Call the application and pass its answer on, well-formed where it is in XML.

    `holds_object`: unless it is an error, the answer is an object's own bytes and stays as it is.
    """
    is_xml = False

    def start(status: str, headers: list[tuple[str, str]], *exc: Any) -> Callable[[bytes], object]:
        nonlocal is_xml
        kinds = [value for name, value in headers if name.lower() == "content-type"]
        is_xml = any("xml" in kind for kind in kinds) and not (holds_object and status < "300")
        return start_response(status, headers, *exc)

    answer = inner(environ, start)
    if not is_xml:
        return answer
    try:
        return [in_xml(b"".join(answer))]
    finally:
        getattr(answer, "close", lambda: None)()
