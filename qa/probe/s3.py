"""Questions to S3: how a bucket is set up, and what became of a document in it."""

from __future__ import annotations

import http.client
import ipaddress
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import ProbeError
from qa.wait import WaitTimeoutError, until

from .errors import ask, ask_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ReplicationRuleOutputTypeDef

TOO_MANY, SERVER_ERROR = 429, 500
ONE_GET = 20.0
"""Seconds for one plain GET."""
PUBLIC_ACCESS_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationRule:
    """One replication rule of a bucket; without a replica key its replicas are not KMS-encrypted."""

    rule_id: str
    status: str
    destination: str
    replica_key_arn: str | None
    selects_kms_encrypted: bool
    prefix: str = ""
    """What the keys of its objects begin with."""
    tags: frozenset[str] = frozenset()
    """The keys of the tags that its objects must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """A bucket's replication: the role that S3 takes on, and its rules."""

    role_arn: str
    rules: tuple[ReplicationRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """A bucket's default encryption."""

    algorithm: str
    key_arn: str | None
    bucket_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An object version; `replication` is PENDING, COMPLETED, FAILED, REPLICA, or None if not eligible."""

    body: bytes
    version_id: str
    replication: str | None
    key_arn: str | None


def versioning(s3: S3Client, bucket: str) -> str:
    """Return Enabled, Suspended, or an empty string for a bucket that never had versions."""
    response: Mapping[str, object] = ask(
        f"GetBucketVersioning of {bucket!r}", lambda: s3.get_bucket_versioning(Bucket=bucket)
    )
    return str(response.get("Status", ""))


def encryption(s3: S3Client, bucket: str) -> Encryption | None:
    """Return the bucket's default encryption; None if it has none of its own."""
    response = ask_or_none(
        f"GetBucketEncryption of {bucket!r}",
        lambda: s3.get_bucket_encryption(Bucket=bucket),
        absent={"ServerSideEncryptionConfigurationNotFoundError"},
    )
    if response is None:
        return None
    rule = response["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule.get("ApplyServerSideEncryptionByDefault")
    return Encryption(
        algorithm=default["SSEAlgorithm"] if default else "",
        key_arn=default.get("KMSMasterKeyID") if default else None,
        bucket_key=rule.get("BucketKeyEnabled", False),
    )


def replication(s3: S3Client, bucket: str) -> Replication | None:
    """Return the bucket's replication; None if it has none."""
    response = ask_or_none(
        f"GetBucketReplication of {bucket!r}",
        lambda: s3.get_bucket_replication(Bucket=bucket),
        absent={"ReplicationConfigurationNotFoundError"},
    )
    if response is None:
        return None
    configuration = response["ReplicationConfiguration"]
    rules = []
    for rule in configuration["Rules"]:
        destination = rule["Destination"]
        selected = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {})
        rules.append(
            ReplicationRule(
                rule_id=rule.get("ID", ""),
                status=rule["Status"],
                destination=destination["Bucket"],
                replica_key_arn=destination.get("EncryptionConfiguration", {}).get("ReplicaKmsKeyID"),
                selects_kms_encrypted=selected.get("Status") == "Enabled",
                **_filter(rule),
            )
        )
    return Replication(role_arn=configuration["Role"], rules=tuple(rules))


def _filter(rule: ReplicationRuleOutputTypeDef) -> dict[str, Any]:
    """Return what a rule selects by, in its old form or in either of its new ones."""
    filtered = rule.get("Filter", {})
    both = filtered.get("And", {})
    tags = [filtered["Tag"]] if "Tag" in filtered else both.get("Tags", [])
    return {
        "prefix": filtered.get("Prefix") or both.get("Prefix") or rule.get("Prefix") or "",
        "tags": frozenset(each["Key"] for each in tags),
    }


def bucket_region(s3: S3Client, bucket: str) -> str | None:
    """Return the region of a bucket; None if there is none of that name."""
    response = ask_or_none(
        f"GetBucketLocation of {bucket!r}",
        lambda: s3.get_bucket_location(Bucket=bucket),
        absent={"NoSuchBucket"},
    )
    if response is None:
        return None
    described: Mapping[str, object] = response
    region = str(described.get("LocationConstraint") or "us-east-1")
    return "eu-west-1" if region == "EU" else region


def public_access_flags(s3: S3Client, bucket: str) -> dict[str, bool]:
    """Return the four flags of the bucket's public access block; all False if there is none."""
    response = ask_or_none(
        f"GetPublicAccessBlock of {bucket!r}",
        lambda: s3.get_public_access_block(Bucket=bucket),
        absent={"NoSuchPublicAccessBlockConfiguration"},
    )
    flags: Mapping[str, object] = response["PublicAccessBlockConfiguration"] if response else {}
    return {flag: bool(flags.get(flag, False)) for flag in PUBLIC_ACCESS_FLAGS}


def is_public(s3: S3Client, bucket: str) -> bool:
    """Say whether AWS itself calls the bucket's policy public; False for a bucket without policy."""
    response = ask_or_none(
        f"GetBucketPolicyStatus of {bucket!r}",
        lambda: s3.get_bucket_policy_status(Bucket=bucket),
        absent={"NoSuchBucketPolicy"},
    )
    return response is not None and response["PolicyStatus"].get("IsPublic", False)


def policy(s3: S3Client, bucket: str) -> dict[str, object] | None:
    """Return the bucket's policy document; None if it has none."""
    response = ask_or_none(
        f"GetBucketPolicy of {bucket!r}",
        lambda: s3.get_bucket_policy(Bucket=bucket),
        absent={"NoSuchBucketPolicy"},
    )
    if response is None:
        return None
    document: dict[str, object] = json.loads(response["Policy"])
    return document


def put_document(s3: S3Client, bucket: str, key: str, body: bytes) -> str:
    """Put a document and return its version ID."""
    response: Mapping[str, object] = ask(
        f"PutObject {key!r} into {bucket!r}", lambda: s3.put_object(Bucket=bucket, Key=key, Body=body)
    )
    return str(response.get("VersionId", ""))


def replication_status(s3: S3Client, bucket: str, key: str, version_id: str) -> str | None:
    """Return the object's replication status, `absent` if it is not there, None if it is not eligible.

    Needs s3:ListBucket: without it AWS answers 403, not 404, for a key that is missing.
    """
    answer = ask_or_none(
        f"HeadObject {key!r} in {bucket!r}",
        lambda: s3.head_object(Bucket=bucket, Key=key, VersionId=version_id),
        absent={"404", "NoSuchKey", "NoSuchVersion"},
    )
    if answer is None:
        return "absent"
    response: Mapping[str, object] = answer
    status = response.get("ReplicationStatus")
    return _spelt(status)


def _spelt(status: object) -> str | None:
    # S3's own model has both COMPLETE and COMPLETED
    return None if status is None else "COMPLETED" if status == "COMPLETE" else str(status)


def document(s3: S3Client, bucket: str, key: str) -> Document | None:
    """Return the newest version of a document with its content; None if there is none."""
    answer = ask_or_none(
        f"GetObject {key!r} from {bucket!r}",
        lambda: s3.get_object(Bucket=bucket, Key=key),
        absent={"NoSuchKey", "404"},
    )
    if answer is None:
        return None
    response: Mapping[str, object] = answer
    key_arn = response.get("SSEKMSKeyId")
    return Document(
        body=answer["Body"].read(),
        version_id=str(response.get("VersionId", "")),
        replication=_spelt(response.get("ReplicationStatus")),
        key_arn=None if key_arn is None else str(key_arn),
    )


def version_ids(s3: S3Client, bucket: str, key: str) -> tuple[str, ...]:
    """Return the IDs of all versions and delete markers of one key, newest first."""
    response = ask(
        f"ListObjectVersions of {key!r} in {bucket!r}",
        lambda: s3.list_object_versions(Bucket=bucket, Prefix=key),
    )
    entries = [*response.get("Versions", []), *response.get("DeleteMarkers", [])]
    return tuple(entry.get("VersionId", "") for entry in entries if entry.get("Key") == key)


def delete_version(s3: S3Client, bucket: str, key: str, version_id: str) -> None:
    """Destroy one version for good; that never replicates."""
    ask(
        f"DeleteObject {key!r} version {version_id!r} from {bucket!r}",
        lambda: s3.delete_object(Bucket=bucket, Key=key, VersionId=version_id),
    )


def signed_url(s3: S3Client, bucket: str, key: str, *, seconds: int = 60) -> str:
    """Return a URL that reads the document for so many seconds; without its query it is unsigned."""
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=seconds)


def http_get(url: str, *, within: float = 30.0, every: float = 0.25) -> tuple[int, str]:
    """Return the status and body of a plain GET, also of a refusal; seconds `within` for an answer at all.

    Throttling, a 5xx and no answer are repeated: they say nothing of the document. Raises ProbeError with
    the last of them after that time, which must end before a signed URL does.
    """
    try:
        response = until(
            lambda: _get_once(url),
            lambda seen: isinstance(seen, tuple),
            what=f"GET {url.partition('?')[0]}",
            within=within,
            every=every,
        )
    except WaitTimeoutError as error:
        raise ProbeError(str(error)) from error
    assert isinstance(response, tuple)  # noqa: S101 - what `until` has accepted
    return response


def _get_once(url: str) -> tuple[int, str] | str:
    """Return status and body, or in words why this is no answer of S3's about the document."""
    host = urllib.parse.urlsplit(url).hostname or ""
    # a proxy cannot reach this machine's loopback
    proxies = urllib.request.ProxyHandler({}) if _is_loopback(host) else urllib.request.ProxyHandler()
    try:
        with urllib.request.build_opener(proxies).open(url, timeout=ONE_GET) as response:
            return response.status, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        with refused:
            if refused.code == TOO_MANY or refused.code >= SERVER_ERROR:
                return f"{refused.code} {refused.reason}"
            return _refusal(refused)
    except (OSError, http.client.HTTPException) as broken:
        return f"no answer: {broken}"


def _refusal(refused: urllib.error.HTTPError) -> tuple[int, str] | str:
    try:
        return refused.code, refused.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as broken:
        return f"no answer: {broken}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def keys_below(s3: S3Client, bucket: str, prefix: str) -> tuple[str, ...]:
    """Return the keys of at most 1,000 objects that begin with a prefix."""
    response = ask(
        f"ListObjectsV2 {prefix!r} of {bucket!r}",
        lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix),
    )
    return tuple(each.get("Key", "") for each in response.get("Contents", []))
