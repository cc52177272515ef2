"""S3: a request, by its method and query, as rights on buckets and objects; buckets' policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.s3.models import s3_backends

from qa.embedded.judge.errors import NotModelledError
from qa.embedded.service.rights import Need

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from moto.s3.models import FakeBucket

BUCKET_NOUNS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
LISTINGS = {
    "versions": "s3:ListBucketVersions",
    "uploads": "s3:ListBucketMultipartUploads",
    "location": "s3:GetBucketLocation",
    "policyStatus": "s3:GetBucketPolicyStatus",
}
OBJECT_NOUNS = {"acl": "Acl", "tagging": "Tagging"}
HOLDS = {"legal-hold": "s3:{verb}ObjectLegalHold", "retention": "s3:{verb}ObjectRetention"}
VERBS = {"GET": "Get", "HEAD": "Get", "DELETE": "Delete"}
LISTED = ("prefix", "delimiter", "max-keys")
HEADERS = (
    "x-amz-acl",
    *(f"x-amz-grant-{right}" for right in ("read", "write", "read-acp", "write-acp", "full-control")),
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "if-match",
    "if-none-match",
)
# parameters that choose no other action; anything else in a query is one that nobody has looked at
PLAIN = frozenset(
    {
        *("prefix", "delimiter", "marker", "max-keys", "list-type", "encoding-type", "continuation-token"),
        *("start-after", "fetch-owner", "key-marker", "version-id-marker", "upload-id-marker", "max-uploads"),
        *("versionId", "partNumber", "uploadId", "uploads", "versions", "max-parts", "part-number-marker"),
        *("delete", "restore", "attributes", "select", "select-type", "max-buckets", "bucket-region"),
        *("response-content-type", "response-content-disposition", "response-cache-control"),
        *("response-content-encoding", "response-content-language", "response-expires"),
        *("AWSAccessKeyId", "Signature", "Expires"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Call:
    """One S3 request; bucket and key are None where the path names none."""

    method: str
    bucket: str | None
    key: str | None
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Their names in lower case."""

    @property
    def bucket_arn(self) -> str:
        """ARN of the bucket."""
        return f"arn:aws:s3:::{self.bucket}"

    @property
    def arn(self) -> str:
        """ARN of the object, or of the bucket where the path names no object."""
        return self.bucket_arn if self.key is None else f"{self.bucket_arn}/{self.key}"


def needs_of(call: S3Call) -> tuple[Need, ...]:
    """Return the rights that a request needs; raises NotModelledError for one that is not mapped."""
    if call.method == "OPTIONS":
        return ()  # a browser's preflight, which carries no credentials
    if call.bucket is None:
        return (Need(action="s3:ListAllMyBuckets", resource="*"),)
    found = tuple(_of_bucket(call) if call.key is None else _of_object(call))
    context = _context(call)
    return tuple(Need(action=need.action, resource=need.resource, context=context) for need in found)


def deletion(call: S3Call, key: str, version_id: str | None) -> Need:
    """Return the right that one entry of DeleteObjects needs."""
    return Need(
        action="s3:DeleteObjectVersion" if version_id else "s3:DeleteObject",
        resource=f"{call.bucket_arn}/{key}",
        context={**_context(call), **({"s3:VersionId": version_id} if version_id else {})},
    )


def _of_bucket(call: S3Call) -> Iterator[Need]:
    what = _named(call, BUCKET_NOUNS.keys() | LISTINGS.keys())
    if what in LISTINGS and call.method == "GET":
        yield Need(action=LISTINGS[what], resource=call.arn)
    elif what in BUCKET_NOUNS:
        yield Need(action=f"s3:{_verb_on_bucket(call.method, what)}{BUCKET_NOUNS[what]}", resource=call.arn)
    elif call.method in ("GET", "HEAD"):
        yield Need(action="s3:ListBucket", resource=call.arn)
    elif call.method in ("PUT", "DELETE"):
        yield Need(action="s3:CreateBucket" if call.method == "PUT" else "s3:DeleteBucket", resource=call.arn)
    elif call.method == "POST" and "delete" in call.query:
        return  # each object needs a right of its own
    else:
        raise NotModelledError(f"authorization of {call.method} on a bucket")


def _verb_on_bucket(method: str, what: str) -> str:
    if method == "DELETE" and what in ("policy", "website"):
        return "Delete"
    return "Get" if method == "GET" else "Put"  # most configurations are deleted by the right to put them


def _of_object(call: S3Call) -> Iterator[Need]:
    what = _named(call, OBJECT_NOUNS.keys() | HOLDS.keys())
    verb = VERBS.get(call.method, "Put")
    if what in HOLDS:
        yield Need(action=HOLDS[what].format(verb=verb), resource=call.arn)
    elif what in OBJECT_NOUNS:
        yield Need(action=f"s3:{verb}Object{_version(call)}{OBJECT_NOUNS[what]}", resource=call.arn)
    elif call.method in ("GET", "HEAD"):
        yield from _reading(call)
    elif call.method == "DELETE":
        action = "s3:AbortMultipartUpload" if "uploadId" in call.query else f"s3:DeleteObject{_version(call)}"
        yield Need(action=action, resource=call.arn)
    elif call.method in ("PUT", "POST"):
        yield from _writing(call)
    else:
        raise NotModelledError(f"authorization of {call.method} on an object")


def _reading(call: S3Call) -> Iterator[Need]:
    if "uploadId" in call.query:
        yield Need(action="s3:ListMultipartUploadParts", resource=call.arn)
        return
    if "attributes" in call.query:
        yield Need(action=f"s3:GetObject{_version(call)}Attributes", resource=call.arn)
    yield Need(action=f"s3:GetObject{_version(call)}", resource=call.arn)


def _writing(call: S3Call) -> Iterator[Need]:
    if "restore" in call.query:
        yield Need(action="s3:RestoreObject", resource=call.arn)
        return
    if "select" in call.query:
        yield Need(action="s3:GetObject", resource=call.arn)
        return
    yield Need(action="s3:PutObject", resource=call.arn)
    if "x-amz-tagging" in call.headers:
        yield Need(action="s3:PutObjectTagging", resource=call.arn)
    if "x-amz-acl" in call.headers:
        yield Need(action="s3:PutObjectAcl", resource=call.arn)
    source = call.headers.get("x-amz-copy-source")
    if source:
        path, _, version = unquote(source).lstrip("/").partition("?versionId=")
        action = "s3:GetObjectVersion" if version else "s3:GetObject"
        yield Need(action=action, resource=f"arn:aws:s3:::{path}")


def _version(call: S3Call) -> str:
    return "Version" if call.query.get("versionId") else ""


def _named(call: S3Call, nouns: Iterable[str]) -> str | None:
    """Return the configuration that the query names; raises NotModelledError for an unknown one."""
    known = frozenset(nouns)
    for name in call.query:
        if name in known:
            return name
        if name not in PLAIN and not name.lower().startswith(("x-amz-", "x-id")):
            raise NotModelledError(f"authorization of {call.method} with ?{name} on S3")
    return None


def _context(call: S3Call) -> dict[str, str]:
    values = {f"s3:{name}": call.headers[name] for name in HEADERS if name in call.headers}
    values |= {f"s3:{name}": call.query[name] for name in LISTED if name in call.query}
    if call.query.get("versionId"):
        values["s3:VersionId"] = call.query["versionId"]
    signed_header = call.headers.get("authorization", "").startswith("AWS")
    if signed_header or "X-Amz-Signature" in call.query or "Signature" in call.query:
        values["s3:authType"] = "REST-HEADER" if signed_header else "REST-QUERY-STRING"
        sigv2 = call.headers.get("authorization", "").startswith("AWS ") or "Signature" in call.query
        values["s3:signatureversion"] = "AWS" if sigv2 else "AWS4-HMAC-SHA256"
    return values


def policy_of(_: str, rest: str, account_id: str) -> Any:
    """Return the policy of a bucket, by the rest of its ARN or of an object's; None without one."""
    bucket = bucket_named(rest.partition("/")[0], account_id)
    return None if bucket is None else bucket.policy


def bucket_named(name: str, account_id: str) -> FakeBucket | None:
    """Return a bucket; None when there is none of that name."""
    return s3_backends[account_id]["aws"].buckets.get(name)
