"""S3's answers over HTTP: regions, refusals, reading under a key, and how replication stands."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchBucketPolicy, ReplicationConfigurationNotFoundError
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response

from .digests import verified
from .encryption import require_read
from .lock import LOCK
from .policies import is_public
from .refusals import S3RefusalError, precondition_failed, wrong_region
from .replication import start_noted, status_of
from .rules import replication_of

if TYPE_CHECKING:
    from collections.abc import Callable

SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/s3/aws4_request")
PRESIGNED_SCOPE = re.compile(r"X-Amz-Credential=[^&]+?(?:%2F|/)\d+(?:%2F|/)([a-z0-9-]+)(?:%2F|/)s3(?:%2F|/)")
_get_object = S3Response.get_object
_head_object = S3Response.head_object


def _answered(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Return moto's entry point with our refusals answered and what was put replicated."""

    @wraps(respond)
    def answered(self: S3Response, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return respond(self, request, *args, **kwargs)
        except S3RefusalError as refusal:
            return refusal.answer(request.method)
        finally:
            start_noted()

    return answered


def _at_home(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Return moto's dispatcher, but for buckets of the region only that the request is signed for."""

    @wraps(respond)
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
    # GetBucketLocation is what a client asks that does not know the region; CreateBucket makes it
    names_only_a_bucket = "/" not in request.path.strip("/")
    return names_only_a_bucket and (
        "location" in request.args or (request.method == "PUT" and not request.args)
    )


def get_object(self: S3Response) -> Any:
    """Wrap S3Response.get_object: the caller needs the key that the object lies under."""
    key = self.backend.get_object(
        self.bucket_name, self.parse_key_name(), version_id=self.querystring.get("versionId", [None])[0]
    )
    if isinstance(key, FakeKey):
        require_read(self.backend.get_bucket(self.bucket_name), key)
    status, headers, body = _get_object(self)
    return status, {**headers, **_replication_header(key)}, body


def head_object(
    self: S3Response, bucket_name: str, query: dict[str, Any], key_name: str, headers: Any
) -> Any:
    """Wrap S3Response.head_object with the replication status."""
    status, told, body = _head_object(self, bucket_name, query, key_name, headers)
    key = self.backend.get_object(bucket_name, key_name, version_id=query.get("versionId", [None])[0])
    return status, {**told, **_replication_header(key)}, body


def _replication_header(key: FakeKey | None) -> dict[str, str]:
    status = None if key is None else status_of(key)
    return {} if status is None else {"x-amz-replication-status": status}


def get_bucket_replication(self: S3Response) -> Any:
    """Replace S3Response.get_bucket_replication, which tells what nobody stored."""
    self.data["Action"] = "GetBucketReplication"
    replication = replication_of(self.backend.get_bucket(self.bucket_name))
    if replication is None:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    return self.serialized(ActionResult({"ReplicationConfiguration": replication.as_given}))


def get_bucket_policy_status(self: S3Response) -> Any:
    """Replace S3Response.get_bucket_policy_status, which takes any condition for a narrow one."""
    policy = self.backend.get_bucket_policy(self.bucket_name)
    if not policy:
        raise NoSuchBucketPolicy(bucket_name=self.bucket_name)
    self.data["Action"] = "GetBucketPolicyStatus"
    return self.serialized(ActionResult({"PolicyStatus": {"IsPublic": is_public(policy)}}))


def _from_its_source(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy that is made only from the source that its conditions name; moto looks at one of them."""

    @wraps(respond)
    def copied(self: S3Response) -> Any:
        path, _, version = (
            unquote(self.headers.get("x-amz-copy-source", "")).lstrip("/").partition("?versionId=")
        )
        bucket, _, name = path.partition("/")
        found = self.backend.get_object(bucket, name, version_id=version or None)
        etag = found.etag.strip('"') if isinstance(found, FakeKey) else None
        for header, wanted in (("if-match", True), ("if-none-match", False)):
            condition = self.headers.get(f"x-amz-copy-source-{header}")
            if condition and etag and (condition.strip('"') == etag) is not wanted:
                raise precondition_failed()
        return respond(self)

    return copied


def _locked(respond: Callable[..., Any]) -> Callable[..., Any]:
    """Return a conditional write whose check and write are one step."""

    @wraps(respond)
    def locked(self: S3Response) -> Any:
        with LOCK:
            return respond(self)

    return locked


HOOKS: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (S3Response, "key_response", _answered(S3Response.key_response)),
    (S3Response, "bucket_response", _answered(S3Response.bucket_response)),
    (S3Response, "_key_response", _at_home(S3Response._key_response)),
    (S3Response, "_bucket_response", _at_home(S3Response._bucket_response)),
    (S3Response, "get_object", get_object),
    (S3Response, "head_object", head_object),
    (S3Response, "put_object", _locked(verified(S3Response.put_object))),
    (S3Response, "upload_part", verified(S3Response.upload_part)),
    (S3Response, "copy_object", _locked(_from_its_source(S3Response.copy_object))),
    (S3Response, "upload_part_copy", _from_its_source(S3Response.upload_part_copy)),
    (S3Response, "get_bucket_replication", get_bucket_replication),
    (S3Response, "get_bucket_policy_status", get_bucket_policy_status),
)
