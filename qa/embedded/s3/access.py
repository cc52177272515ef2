"""S3 requests judged before moto serves them, and deletions in bulk judged one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import xmltodict  # type: ignore[import-untyped]  # ships no types; moto reads the body with it
from flask import request
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeKey
from moto.s3.responses import S3Response

from qa.embedded.access.enforcement import (
    decide,
    refusals_of,
    require,
    require_caller,
    world_of_request,
)
from qa.embedded.judge.errors import NotModelledError
from qa.embedded.patches import Patch, replacement
from qa.embedded.service.rights import Need

from .rights import S3Call, bucket_named, deletion, needs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.embedded.world import Caller, World

READING = frozenset({"s3:GetObject", "s3:GetObjectVersion"})
CLOSING = "</DeleteResult>"


def authorize(world: World, bucket: str | None, key: str | None) -> None:
    """Raise RequestRefusedError unless the caller may do what this S3 request needs."""
    caller = require_caller(world, "s3")
    call = call_of(bucket, key)
    if bucket is not None and bucket_named(bucket, world.account_id) is None and not _creates(call):
        return  # S3 answers NoSuchBucket, for any caller
    with refusals_of("s3"):
        needs = (*_needs(call, caller), *_handing_over(call))
        require(world, "s3", caller, needs)
        if any(need.action in READING for need in needs) and not _exists(world, call):
            # whether a key exists is shown only to those who may list the bucket
            require(world, "s3", caller, [Need(action="s3:ListBucket", resource=call.bucket_arn)])


def _needs(call: S3Call, caller: Caller) -> tuple[Need, ...]:
    try:
        return needs_of(call)
    except NotModelledError:
        if caller.is_administrator:
            return ()
        raise


def _handing_over(call: S3Call) -> Iterator[Need]:
    """Yield the right to hand S3 the role that it replicates with."""
    if call.method != "PUT" or "replication" not in call.query:
        return
    for role in re.findall(r"<Role>\s*([^<\s]+)\s*</Role>", request.get_data(as_text=True)):
        context = {"iam:PassedToService": "s3.amazonaws.com"}
        yield Need(action="iam:PassRole", resource=role, context=context)


def call_of(bucket: str | None, key: str | None) -> S3Call:
    """Return the request that this thread serves, as the tables of rights see it."""
    return S3Call(
        method=request.method,
        bucket=bucket,
        key=key,
        query={name: request.args.get(name, "") for name in request.args},
        headers={name.lower(): value for name, value in request.headers.items()},
    )


def delete_permitted(
    world: World, response: S3Response, bucket: str, original: Callable[..., Any]
) -> tuple[int, dict[str, Any], str]:
    """Delete the entries of DeleteObjects that the caller may delete; the others become Errors."""
    caller = require_caller(world, "s3")
    document = xmltodict.parse(response.body, strip_whitespace=False)
    objects = document["Delete"].get("Object", [])
    entries = objects if isinstance(objects, list) else [objects]
    with refusals_of("s3"):
        refused = [entry for entry in entries if not _may_delete(world, caller, bucket, entry)]
    permitted = [entry for entry in entries if entry not in refused]
    if not refused or not permitted:
        answer: tuple[int, dict[str, Any], str] = original(response, bucket, authenticated=not refused)
        return answer
    document["Delete"]["Object"] = permitted
    response.body = xmltodict.unparse(document)
    status, headers, body = original(response, bucket)
    return status, headers, body.replace(CLOSING, "".join(_errors(refused)) + CLOSING)


def _may_delete(world: World, caller: Caller, bucket: str, entry: dict[str, str]) -> bool:
    need = deletion(call_of(bucket, None), entry["Key"], entry.get("VersionId"))
    return decide(world, caller, need).allowed


def _errors(entries: list[dict[str, str]]) -> Iterator[str]:
    for entry in entries:
        yield (
            f"<Error><Key>{escape(entry['Key'])}</Key><Code>AccessDenied</Code>"
            "<Message>Access Denied</Message></Error>"
        )


def _creates(call: S3Call) -> bool:
    return call.method == "PUT" and call.key is None and not call.query


def _exists(world: World, call: S3Call) -> bool:
    bucket = bucket_named(str(call.bucket), world.account_id)
    if bucket is None or call.key is None:
        return True
    version = call.query.get("versionId")
    kept = bucket.keys.getlist(call.key)
    if version:
        return any(str(each.version_id) == version for each in kept)
    return bool(kept) and isinstance(kept[-1], FakeKey)


def _authorize(
    _: World,
    response: S3Response,  # noqa: ARG001 - moto's signature
    bucket_name: str | None = None,
    key_name: str | None = None,
) -> None:
    world = world_of_request()
    if world is not None:
        authorize(world, bucket_name, key_name)


def _delete_keys(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def delete_keys(self: S3Response, bucket_name: str, authenticated: bool = True) -> Any:  # noqa: FBT001, FBT002 - moto's
        world = world_of_request()
        if world is None:
            return original(self, bucket_name, authenticated)
        return delete_permitted(world, self, bucket_name, original)

    return delete_keys


def _permitted(_: World, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:  # noqa: ARG001 - moto's
    # moto's own look at the bucket policy ignores conditions; the judge decides
    return PermissionResult.PERMITTED


PATCHES = (
    replacement(
        ActionAuthenticatorMixin,
        "_authenticate_and_authorize_s3_action",
        "self, bucket_name, key_name",
        _authorize,
    ),
    Patch(
        owner=S3Response,
        name="_bucket_response_delete_keys",
        parameters="self, bucket_name, authenticated",
        around=_delete_keys,
    ),
    replacement(FakeBucket, "get_permission", "self, action, resource", _permitted),
)
