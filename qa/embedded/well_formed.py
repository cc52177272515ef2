"""Answers that every client reads: XML without what it excludes, and no page for browsers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# UTF-8 of surrogates, U+FFFE and U+FFFF
NO_CHARACTER = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]|\xef\xbf[\xbe\xbf]")

PAGE = b"<!doctype html"


def in_xml(content: bytes) -> bytes:
    """Return UTF-8 of the same length without the characters that XML 1.0 excludes.

    A control character becomes "?", as CloudFormation shows what it cannot; the rest U+FFFD.
    """
    return NO_CHARACTER.sub(b"\xef\xbf\xbd", CONTROL.sub(b"?", content))


class PageError(Exception):
    """moto's web framework answered with a page for browsers: it has no route for the request."""


def answered(
    inner: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, *, holds_object: bool
) -> Iterable[bytes]:
    """Call the application and pass its answer on, well-formed where it is in XML.

    `holds_object`: unless it is an error, the answer is an object's own bytes and stays as it is.
    Raises PageError instead of passing on an error or redirection in HTML.
    """
    is_xml = False
    maybe_page: tuple[Any, ...] = ()

    def start(status: str, headers: list[tuple[str, str]], *exc: Any) -> Callable[[bytes], object]:
        nonlocal is_xml, maybe_page
        kinds = [value for name, value in headers if name.lower() == "content-type"]
        is_xml = any("xml" in kind for kind in kinds) and not (holds_object and status < "300")
        if status >= "300" and any(kind.startswith("text/html") for kind in kinds):
            maybe_page = (status, headers, *exc)
            return lambda _: None
        return start_response(status, headers, *exc)

    answer = inner(environ, start)
    if not is_xml and not maybe_page:
        return answer
    try:
        content = b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
    if maybe_page:  # the type alone says nothing: moto labels errors in JSON so, too
        if content[: len(PAGE)].lower() == PAGE:
            raise PageError(str(maybe_page[0]))
        start_response(*maybe_page)
        return [content]
    return [in_xml(content)]
