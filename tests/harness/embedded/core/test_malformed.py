"""What the service's own model says is wrong with a request."""

from __future__ import annotations

import io
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from moto.core.utils import get_service_model

from qa.embedded.malformed import unlike, violations
from qa.embedded.parameters import callers_error

TAGGED = "<Tagging><TagSet>{}</TagSet></Tagging>"


@pytest.mark.parametrize(
    ("body", "is_unlike"),
    [
        (TAGGED.format("<Tag><Key>a</Key><Value>b</Value></Tag>"), False),
        (TAGGED.format(""), False),
        (f"<Tagging xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>{TAGGED[9:]}".format("\n  "), False),
        (TAGGED.format("text"), True),
        (TAGGED.format("<Tag>text</Tag>"), True),
        (TAGGED.format("<Other><Key>a</Key></Other>"), True),
        (TAGGED.format("<Tag><Key>a</Key><Value><b/></Value></Tag>"), True),
    ],
)
def test_xml_with_text_or_elements_in_the_wrong_place_is_unlike_the_model(
    body: str, *, is_unlike: bool
) -> None:
    shape: Any = get_service_model("s3").operation_model("PutObjectTagging").input_shape

    assert unlike(shape.members["Tagging"], fromstring(body)) is is_unlike  # noqa: S314 - written above


def test_items_of_a_list_without_a_wrapper_are_like_the_model() -> None:
    shape: Any = get_service_model("s3").operation_model("CompleteMultipartUpload").input_shape
    part = "<Part><ETag>a</ETag><PartNumber>1</PartNumber></Part>"
    body = f"<CompleteMultipartUpload>{part}{part}</CompleteMultipartUpload>"

    assert not unlike(shape.members["MultipartUpload"], fromstring(body))  # noqa: S314 - written above


def test_nothing_in_a_list_breaks_the_model() -> None:
    shape: Any = get_service_model("dynamodb").operation_model("TagResource").input_shape

    given = {"ResourceArn": "a", "Tags": [{"Key": "a", "Value": "b"}, None]}

    assert list(violations(shape, given)) == [
        "Value null at 'tags.2.member' failed to satisfy constraint: Member must not be null"
    ]


class Awaited(io.RawIOBase):
    """A body whose bytes do not come."""

    def readinto(self, _: Any) -> int:
        raise AssertionError("the body was read")


def test_an_objects_bytes_are_not_waited_for_to_judge_a_request() -> None:
    environ = {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": "/documents/a",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": "9",
        "wsgi.input": Awaited(),
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
    }

    assert callers_error("s3", "PutObject", environ) is None
