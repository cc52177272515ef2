"""S3's answers over HTTP: regions, refusals, reading under a key, and how replication stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchBucketPolicy, ReplicationConfigurationNotFoundError
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from qa.embedded.patches import Patch, operation

from .digests import verified
from .encryption import require_read
from .lock import LOCK
from .policies import is_public
from .refusals import S3RefusalError, precondition_failed, wrong_region
from .replication import start_noted, status_of
from .rules import replication_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/s3/aws4_request")
PRESIGNED_SCOPE = re.compile(r"X-Amz-Credential=[^&]+?(?:%2F|/)\d+(?:%2F|/)([a-z0-9-]+)(?:%2F|/)s3(?:%2F|/)")


def _answered(respond: Callable[..., Any], world: World) -> Callable[..., Any]:
    """Return moto's entry point with our refusals answered and what was put replicated."""

    def answered(self: S3Response, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return respond(self, request, *args, **kwargs)
        except S3RefusalError as refusal:
            return refusal.answer(request.method)
        finally:
            start_noted(world)

    return answered


def _at_home(respond: Callable[..., Any], _: World) -> Callable[..., Any]:
    """Return moto's dispatcher, but for buckets of the region only that the request is signed for."""

    def at_home(self: S3Response, request: Any, full_url: str) -> Any:
        bucket = self.backend.buckets.get(self.bucket_name)
        region = _signed_region(request)
        if bucket is not None and region not in (None, bucket.region_name) and not _is_regionless(request):
            raise wrong_region(bucket.name, bucket.region_name)
        return respond(self, request, full_url)

    return at_home


def _signed_region(request: Any) -> str | None:
    signed = SCOPE.search(request.headers.get("Authorization", "")) or PRESIGNED_SCOPE.search(request.url)
    return None if signed is None else signed[1]


def _is_regionless(request: Any) -> bool:
    # GetBucketLocation is what a client calls that does not know the region; CreateBucket makes it
    names_only_a_bucket = "/" not in request.path.strip("/")
    return names_only_a_bucket and (
        "location" in request.args or (request.method == "PUT" and not request.args)
    )


def _get_object(respond: Callable[..., Any], world: World) -> Callable[..., Any]:
    """Return the operation for callers who may use the key that the object lies under."""

    def get_object(self: S3Response) -> Any:
        key = self.backend.get_object(
            self.bucket_name, self.parse_key_name(), version_id=self.querystring.get("versionId", [None])[0]
        )
        if isinstance(key, FakeKey):
            require_read(world, self.backend.get_bucket(self.bucket_name), key)
        status, headers, body = respond(self)
        return status, {**headers, **_replication_header(key)}, body

    return get_object


def _head_object(respond: Callable[..., Any], _: World) -> Callable[..., Any]:
    """Return the operation with the replication status."""

    def head_object(
        self: S3Response, bucket_name: str, query: dict[str, Any], key_name: str, headers: Any
    ) -> Any:
        status, answered, body = respond(self, bucket_name, query, key_name, headers)
        key = self.backend.get_object(bucket_name, key_name, version_id=query.get("versionId", [None])[0])
        return status, {**answered, **_replication_header(key)}, body

    return head_object


def _replication_header(key: FakeKey | None) -> dict[str, str]:
    status = None if key is None else status_of(key)
    return {} if status is None else {"x-amz-replication-status": status}


def _get_bucket_replication(self: S3Response, _: World) -> Any:
    """Answer in place of moto, which returns what nobody stored."""
    self.data["Action"] = "GetBucketReplication"
    replication = replication_of(self.backend.get_bucket(self.bucket_name))
    if replication is None:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    return self.serialized(ActionResult({"ReplicationConfiguration": replication.as_given}))


def _get_bucket_policy_status(self: S3Response, _: World) -> Any:
    """Answer in place of moto, which takes any condition for a narrow one."""
    policy = self.backend.get_bucket_policy(self.bucket_name)
    if not policy:
        raise NoSuchBucketPolicy(bucket_name=self.bucket_name)
    self.data["Action"] = "GetBucketPolicyStatus"
    return self.serialized(ActionResult({"PolicyStatus": {"IsPublic": is_public(policy)}}))


def _from_its_source(respond: Callable[..., Any], _: World) -> Callable[..., Any]:
    """Return a copy that is made only from the source that its conditions name; moto looks at one of them."""

    def copied(self: S3Response) -> Any:
        path, _, version = (
            unquote(self.headers.get("x-amz-copy-source", "")).lstrip("/").partition("?versionId=")
        )
        bucket, _, name = path.partition("/")
        found = self.backend.get_object(bucket, name, version_id=version or None)
        etag = found.etag.strip('"') if isinstance(found, FakeKey) else None
        for header, expected in (("if-match", True), ("if-none-match", False)):
            condition = self.headers.get(f"x-amz-copy-source-{header}")
            if condition and etag and (condition.strip('"') == etag) is not expected:
                raise precondition_failed()
        return respond(self)

    return copied


def _locked(respond: Callable[..., Any], _: World) -> Callable[..., Any]:
    """Return a conditional write whose check and write are one step."""

    def locked(self: S3Response) -> Any:
        with LOCK:
            return respond(self)

    return locked


PATCHES = (
    *[
        Patch(owner=S3Response, name=name, parameters="self, request, full_url, headers", around=_answered)
        for name in ("key_response", "bucket_response")
    ],
    *[
        Patch(owner=S3Response, name=name, parameters="self, request, full_url", around=_at_home)
        for name in ("_key_response", "_bucket_response")
    ],
    Patch(owner=S3Response, name="get_object", parameters="self", around=_get_object),
    Patch(
        owner=S3Response,
        name="head_object",
        parameters="self, bucket_name, query, key_name, headers",
        around=_head_object,
    ),
    *[
        Patch(owner=S3Response, name=name, parameters="self", around=around)
        for name, around in (
            ("put_object", verified),
            ("put_object", _locked),
            ("upload_part", verified),
            ("copy_object", _from_its_source),
            ("copy_object", _locked),
            ("upload_part_copy", _from_its_source),
        )
    ],
    operation(S3Response, "get_bucket_replication", _get_bucket_replication),
    operation(S3Response, "get_bucket_policy_status", _get_bucket_policy_status),
)
"""The lock is the outer one of two: what is checked and what is written are one step."""
