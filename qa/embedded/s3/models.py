"""The S3 resource types of CloudFormation, in place of moto's one."""

# ruff: noqa: ARG002, ARG003 - the arguments are those that moto calls a resource class with

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel
from moto.s3.models import PublicAccessBlock, s3_backends

from qa.embedded.patches import world_of

from . import rules
from .policies import put_policy
from .refusals import S3RefusalError
from .store import PATCHES, require_empty

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, S3Backend

Properties = dict[str, Any]


class BucketResource(CloudFormationModel):
    """AWS::S3::Bucket: Ref is the bucket's name."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"BucketName", "VersioningConfiguration", "BucketEncryption", "PublicAccessBlockConfiguration"}
        | {"OwnershipControls", "ReplicationConfiguration", "Tags"}
    )

    def __init__(self, bucket: FakeBucket) -> None:
        self.bucket = bucket

    @property
    def physical_resource_id(self) -> str:
        return self.bucket.name

    @staticmethod
    def cloudformation_name_type() -> str:
        return "BucketName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::S3::Bucket"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "DomainName", "RegionalDomainName", "DualStackDomainName")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        attributes = {
            "Arn": self.bucket.arn,
            "DomainName": self.bucket.domain_name,
            "RegionalDomainName": self.bucket.regional_domain_name,
            "DualStackDomainName": self.bucket.dual_stack_domain_name,
        }
        if attribute_name not in attributes:
            raise UnformattedGetAttTemplateException
        return attributes[attribute_name]

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> BucketResource:
        backend = _backend(account_id)
        if resource_name in s3_backends.bucket_accounts:
            raise S3RefusalError("BucketAlreadyExists", f"{resource_name} already exists", status=409)
        bucket = backend.create_bucket(resource_name, region_name)
        try:
            _configure(backend, bucket, cloudformation_json.get("Properties", {}))
        except S3RefusalError:
            backend.delete_bucket(resource_name)
            raise
        return cls(bucket)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> BucketResource:
        properties = cloudformation_json.get("Properties", {})
        bucket = original_resource.bucket
        if properties.get("BucketName", bucket.name) != bucket.name:
            require_empty(bucket)
            replacement = cls.create_from_cloudformation_json(
                properties["BucketName"], cloudformation_json, account_id, region_name
            )
            original_resource.delete(account_id, region_name)
            return replacement
        _configure(_backend(account_id), bucket, properties)
        return cls(bucket)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        _delete(account_id, resource_name)

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the bucket; raises BucketNotEmpty while it holds a version or a delete marker."""
        _delete(account_id, self.bucket.name)


class BucketPolicyResource(CloudFormationModel):
    """AWS::S3::BucketPolicy: Ref is the bucket's name."""

    supported_properties: ClassVar[frozenset[str]] = frozenset({"Bucket", "PolicyDocument"})

    def __init__(self, bucket_name: str) -> None:
        self.bucket_name = bucket_name

    @property
    def physical_resource_id(self) -> str:
        return self.bucket_name

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::S3::BucketPolicy"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    def get_cfn_attribute(self, attribute_name: str) -> str:
        raise UnformattedGetAttTemplateException

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> BucketPolicyResource:
        properties = cloudformation_json["Properties"]
        bucket = _backend(account_id).get_bucket(properties["Bucket"])
        if bucket.policy is not None:
            raise S3RefusalError("AlreadyExists", "The bucket policy already exists on bucket " + bucket.name)
        put_policy(world_of(PATCHES), bucket, _text(properties))
        return cls(bucket.name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> BucketPolicyResource:
        properties = cloudformation_json["Properties"]
        if properties["Bucket"] != original_resource.bucket_name:
            original_resource.delete(account_id, region_name)
        bucket = _backend(account_id).get_bucket(properties["Bucket"])
        put_policy(world_of(PATCHES), bucket, _text(properties))
        return cls(bucket.name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        cls(resource_name).delete(account_id, region_name)

    def delete(self, account_id: str, region_name: str) -> None:
        """Remove the policy; nothing to do when the bucket is gone."""
        bucket = _backend(account_id).buckets.get(self.bucket_name)
        if bucket is not None:
            bucket.policy = None


def _backend(account_id: str) -> S3Backend:
    return s3_backends[account_id]["aws"]


def _text(properties: Properties) -> bytes:
    document = properties["PolicyDocument"]
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()


def _configure(backend: S3Backend, bucket: FakeBucket, properties: Properties) -> None:
    """Give a bucket what its properties say; what they do not name gets AWS's default."""
    if "ReplicationConfiguration" not in properties:
        rules.end_replication(bucket)
    versioning = properties.get("VersioningConfiguration", {}).get("Status")
    if versioning is not None or bucket.versioning_status is not None:
        backend.put_bucket_versioning(bucket.name, versioning or "Suspended")
    _encrypt(backend, bucket, properties)
    block = properties.get("PublicAccessBlockConfiguration")
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    flags = [str(True if block is None else block.get(name, False)).lower() for name in names]
    bucket.public_access_block = PublicAccessBlock(*flags)
    ownership = properties.get("OwnershipControls", {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
    backend.put_bucket_ownership_controls(bucket.name, ownership["Rules"][0]["ObjectOwnership"])
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    backend.put_bucket_tagging(bucket.name, tags)
    if "ReplicationConfiguration" in properties:
        given = rules.from_template(properties["ReplicationConfiguration"])
        rules.set_replication(backend, bucket, given)


def _encrypt(backend: S3Backend, bucket: FakeBucket, properties: Properties) -> None:
    if "BucketEncryption" not in properties:
        backend.delete_bucket_encryption(bucket.name)
        return
    rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    encryption = {
        "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
        "BucketKeyEnabled": str(rule.get("BucketKeyEnabled", False)).lower() == "true",
    }
    backend.put_bucket_encryption(bucket.name, {"Rule": encryption})


def _delete(account_id: str, name: str) -> None:
    backend = _backend(account_id)
    if name in backend.buckets:
        backend.delete_bucket(name)
