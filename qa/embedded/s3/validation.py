"""What moto's S3 falls over: uploads that are not there, and headers and bodies that nobody can read."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]  # ships no types; moto reads the body with it
from moto.s3.exceptions import (
    InvalidLocationConstraintException,
    InvalidPartOrder,
    MalformedACLError,
    MalformedXML,
    MissingKey,
    MissingVersion,
    NoSuchUpload,
)
from moto.s3.models import MultipartDict, S3Backend
from moto.s3.responses import S3Response

from qa.embedded.patches import Patch
from qa.embedded.regions import is_region

from .refusals import S3RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.embedded.world import World

GRANT = "x-amz-grant-"
PERMISSIONS = frozenset({"read", "write", "read-acp", "write-acp", "full-control"})
GRANTEE = re.compile(r'(?:id|uri|emailaddress)="?[^"=]+"?', re.IGNORECASE)
MOST_OF_KEY = 1_024
MOST_DELETED = 1_000
COUNT = re.compile(r"-?[0-9]{1,10}")
MOST = 2**31 - 1
LISTED = {
    "max-keys": "list_objects list_objects_v2 list_object_versions",
    "max-uploads": "list_multipart_uploads",
}
HEADER = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
RANGE = re.compile(r"bytes=[^=]*")
OLD_NAME = "EU"
"""Of eu-west-1, as a location constraint."""
UNREADABLE = (ExpatError, AttributeError, TypeError, LookupError, ValueError)


def _no_such_upload(_: Callable[..., Any] | None, _world: World) -> Callable[..., Any]:
    def missing(self: MultipartDict, upload_id: str) -> None:  # noqa: ARG001 - as dict calls it
        raise NoSuchUpload(upload_id=upload_id)

    return missing


def _read_grants(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def acl_from_headers(self: S3Response, headers: Any) -> Any:
        for name, value in headers.items():
            if name.lower().startswith(GRANT):
                _require_grants(name.lower().removeprefix(GRANT), value)
        return original(self, headers)

    return acl_from_headers


def _require_grants(permission: str, value: str) -> None:
    grantees = [each.strip() for each in value.split(",")]
    if permission not in PERMISSIONS or not all(GRANTEE.fullmatch(each) for each in grantees):
        raise S3RefusalError("InvalidArgument", "Argument format not recognized")


def _read_acl(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def acl_from_body(self: S3Response) -> Any:
        if not self.body:
            raise S3RefusalError(
                "MissingSecurityHeader", "Your request was missing a required header: x-amz-acl"
            )
        try:
            return original(self)
        except UNREADABLE:
            raise MalformedACLError from None

    return acl_from_body


def _read_tags(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def tagging_from_xml(self: S3Response) -> dict[str, str]:
        tagging = xmltodict.parse(self.body).get("Tagging")
        if isinstance(tagging, dict) and "TagSet" in tagging and tagging["TagSet"] is None:
            return {}
        return dict(original(self))

    return tagging_from_xml


def _read_parts(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def complete_multipart_body(self: S3Response, body: bytes) -> Iterator[tuple[int, str]]:
        try:
            parts = list(original(self, body))
        except UNREADABLE:
            raise MalformedXML from None
        numbers = [number for number, _ in parts]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            raise InvalidPartOrder
        return iter(parts)

    return complete_multipart_body


def _located(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def location_constraint(self: S3Response) -> str | None:
        if self.body and xmltodict.parse(self.body).get("CreateBucketConfiguration", {}) is None:
            return None
        region: str | None = original(self)
        if region is not None and region != OLD_NAME and not is_region(region):
            raise InvalidLocationConstraintException
        return region

    return location_constraint


def _untagged(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def delete_object_tagging(
        self: S3Backend, bucket_name: str, key_name: str, version_id: str | None = None
    ) -> None:
        if self.get_object(bucket_name, key_name, version_id=version_id) is None:
            raise MissingKey(key=key_name) if version_id is None else MissingVersion
        original(self, bucket_name, key_name, version_id=version_id)

    return delete_object_tagging


def _ranged(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def handle_range_header(
        self: S3Response, request: Any, response_headers: dict[str, Any], response_content: Any
    ) -> Any:
        if RANGE.fullmatch(request.headers["range"]) is None:
            return 200, response_headers, response_content  # RFC 9110: a range that is none is ignored
        return original(self, request, response_headers, response_content)

    return handle_range_header


def _counted(original: Callable[..., Any], _: World, *, name: str) -> Callable[..., Any]:
    def listed(self: S3Response) -> Any:
        count = self.querystring.get(name, ["1"])[0]
        if not COUNT.fullmatch(count) or abs(int(count)) > MOST:
            raise S3RefusalError("InvalidArgument", f"Provided {name} not an integer or within integer range")
        if int(count) < 0:
            first, *others = name.split("-")
            spelled = first + "".join(each.title() for each in others)
            raise S3RefusalError(
                "InvalidArgument", f"Argument {spelled} must be an integer between 0 and {MOST}"
            )
        return original(self)

    return listed


def _with_headers(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_object(self: S3Response, *args: Any, **kwargs: Any) -> Any:
        for name, values in self.querystring.items():
            if name.startswith("response-") and not HEADER.fullmatch(values[0]):
                raise S3RefusalError(
                    "InvalidArgument", "Header value cannot be represented using ISO-8859-1."
                )
        return original(self, *args, **kwargs)

    return get_object


def _named(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def delete_objects(self: S3Backend, bucket_name: str, objects: list[dict[str, Any]], *args: Any) -> Any:
        if len(objects) > MOST_DELETED:
            raise MalformedXML
        if any(len((each.get("Key") or "").encode()) > MOST_OF_KEY for each in objects):
            raise S3RefusalError("KeyTooLongError", "Your key is too long")
        return original(self, bucket_name, objects, *args)

    return delete_objects


def _continued(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def list_objects_v2(self: S3Backend, *args: Any, **kwargs: Any) -> Any:
        token = kwargs.get("continuation_token")
        if token and token not in self._pagination_tokens:
            raise S3RefusalError("InvalidArgument", "The continuation token provided is incorrect")
        return original(self, *args, **kwargs)

    return list_objects_v2


PATCHES = (
    Patch(
        owner=MultipartDict,
        name="__missing__",
        parameters="self, upload_id",
        around=_no_such_upload,
        is_added=True,
    ),
    Patch(owner=S3Response, name="_acl_from_headers", parameters="self, headers", around=_read_grants),
    Patch(owner=S3Response, name="_acl_from_body", parameters="self", around=_read_acl),
    Patch(owner=S3Response, name="_tagging_from_xml", parameters="self", around=_read_tags),
    Patch(owner=S3Response, name="_get_location_constraint", parameters="self", around=_located),
    Patch(owner=S3Response, name="_complete_multipart_body", parameters="self, body", around=_read_parts),
    Patch(
        owner=S3Backend,
        name="delete_object_tagging",
        parameters="self, bucket_name, key_name, version_id",
        around=_untagged,
    ),
    Patch(
        owner=S3Response,
        name="_handle_range_header",
        parameters="self, request, response_headers, response_content",
        around=_ranged,
    ),
    *(
        Patch(owner=S3Response, name=name, parameters="self", around=partial(_counted, name=parameter))
        for parameter, names in LISTED.items()
        for name in names.split()
    ),
    Patch(owner=S3Response, name="get_object", parameters="self", around=_with_headers),
    Patch(owner=S3Response, name="head_object", parameters=None, around=_with_headers),
    Patch(
        owner=S3Backend,
        name="delete_objects",
        parameters="self, bucket_name, objects, bypass_retention",
        around=_named,
    ),
    Patch(
        owner=S3Backend,
        name="list_objects_v2",
        parameters="self, bucket, prefix, delimiter, continuation_token, start_after, max_keys",
        around=_continued,
    ),
)
