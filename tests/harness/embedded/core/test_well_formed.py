"""XML answers that a parser reads whatever was stored."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.embedded.well_formed import answered, in_xml

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text("\0\x07\x1b\x1f\t\n\r\ud800\uffff\x7fa<&")


@given(ANY_TEXT)
def test_any_text_makes_xml_that_can_be_parsed(text: str) -> None:
    content = f"<Value>{escape(text)}</Value>".encode("utf-8", "surrogatepass")

    reported = in_xml(content)

    assert len(reported) == len(content)
    assert ParserCreate().ParseFile(BytesIO(reported)) == 1


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn", "Cc"))))
def test_text_that_xml_can_carry_stays_as_it_is(text: str) -> None:
    assert in_xml(text.encode()) == text.encode()


@pytest.mark.parametrize(
    ("kind", "status", "operation", "body"),
    [
        ("text/xml", "200 OK", "ListBuckets", b"?"),
        ("application/octet-stream", "200 OK", "ListBuckets", b"\x1b"),
        ("application/xml", "206 Partial Content", "GetObject", b"\x1b"),
        ("application/xml", "404 Not Found", "GetObject", b"?"),
    ],
    ids=["xml", "no xml", "an object that says it is xml", "an error about an object"],
)
def test_only_xml_of_the_service_is_changed(kind: str, status: str, operation: str, body: bytes) -> None:
    def inner(_: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start(status, [("Content-Type", kind)])
        return [b"\x1b"]

    answer = answered(inner, {}, lambda *_: lambda _: None, holds_object=operation == "GetObject")

    assert b"".join(answer) == body
