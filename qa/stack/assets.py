"""The bucket through which large templates and packaged code reach CloudFormation: one per region, qa's own.

Templates go when the deployment ends. Code stays until `qa destroy`: a roll-back asks for it again.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from qa.errors import QaError, UsageError
from qa.template import url_suffix_of

from .aws_errors import code_of, translate_errors
from .bucket import delete_versions, object_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .clients import Clients
    from .packaging import Package
    from .project import Deployment

TEMPLATES = "qa-templates/"
NO_LOCATION = frozenset({"us-east-1"})
"""Regions whose name S3 refuses as a location: it is what a bucket without one gets."""


@dataclass(slots=True)
class Assets:
    """What a deployment puts into buckets; leaving the block removes what only it needed."""

    clients: Clients
    deployment: Deployment
    accounts: Mapping[str, str]
    """By region."""
    _made: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.deployment.assets_bucket is not None:
            return  # somebody's own, where others may need the same content
        for region, bucket in self._made.items():
            with suppress(QaError):  # what stays is found again by its name, and goes with `qa destroy`
                self._empty(region, bucket, TEMPLATES)
                if not object_versions(self.clients.s3(region), bucket):
                    self._delete(region, bucket)

    def bucket_name(self, region: str) -> str:
        """Return the name of the region's bucket; the same for every deployment of these stacks there."""
        if self.deployment.assets_bucket is not None:
            named, account = self.deployment.assets_bucket, self.accounts[region]
            return self.deployment.fill_in(named, region=region, account=account)
        about = f"{self.accounts[region]} {region} {self.deployment.title}"
        return f"qa-assets-{hashlib.sha256(about.encode()).hexdigest()[:24]}"

    def put_template(self, region: str, body: str) -> str:
        """Store a template and return its URL."""
        content = body.encode()
        key = f"{TEMPLATES}{hashlib.sha256(content).hexdigest()}"
        self._put(region, key, content)
        return f"https://{self.bucket_name(region)}.s3.{region}.{url_suffix_of(region)}/{key}"

    def put_code(self, region: str, package: Package) -> None:
        """Store a package under its key."""
        self._put(region, package.key, package.content)

    def remove(self) -> None:
        """Remove the buckets of all regions with all that is in them, unless they are somebody's own."""
        if self.deployment.assets_bucket is not None:
            return
        for region in self.deployment.region_names:
            bucket = self.bucket_name(region)
            if self._is_there(region, bucket):
                self._empty(region, bucket, "")
                self._delete(region, bucket)

    def _put(self, region: str, key: str, content: bytes) -> None:
        with self._lock:
            bucket = self._bucket(region)
        with translate_errors(f"{key!r} in bucket {bucket!r}"):
            self.clients.s3(region).put_object(
                Bucket=bucket, Key=key, Body=content, ExpectedBucketOwner=self.accounts[region]
            )

    def _bucket(self, region: str) -> str:
        if region not in self._made:
            name = self.bucket_name(region)
            if not self._is_there(region, name):
                if self.deployment.assets_bucket is not None:
                    raise UsageError(f"`assets-bucket` names {name!r}, which is not there in {region}.")
                self._make(region, name)
            self._made[region] = name
        return self._made[region]

    def _make(self, region: str, name: str) -> None:
        s3 = self.clients.s3(region)
        with translate_errors(f"making bucket {name!r} in {region}"):
            if region in NO_LOCATION:
                s3.create_bucket(Bucket=name)
            else:
                s3.create_bucket(
                    Bucket=name,
                    CreateBucketConfiguration={"LocationConstraint": region},  # type: ignore[typeddict-item]  # any region
                )

    def _is_there(self, region: str, bucket: str) -> bool:
        with translate_errors(f"bucket {bucket!r} in {region}"):
            try:
                # refused where the name is another account's: nothing of ours may go there
                self.clients.s3(region).head_bucket(Bucket=bucket, ExpectedBucketOwner=self.accounts[region])
            except ClientError as error:
                if code_of(error) in {"404", "NoSuchBucket"}:
                    return False
                raise
        return True

    def _empty(self, region: str, bucket: str, folder: str) -> None:
        s3 = self.clients.s3(region)
        delete_versions(s3, bucket, object_versions(s3, bucket, folder))

    def _delete(self, region: str, bucket: str) -> None:
        with translate_errors(f"removing bucket {bucket!r} in {region}"):
            self.clients.s3(region).delete_bucket(Bucket=bucket)
