"""Mutations for checks 37-46: the documents buckets and their replication."""

from __future__ import annotations

from .change import Mutation, drop, either_side, put, replace


def _bucket(side: str) -> str:
    return f"Resources/{side}DocumentsBucket/Properties"


def _rule(side: str) -> str:
    return f"{_bucket(side)}/ReplicationConfiguration/Fn::If/1/Rules/0"


ENCRYPTION = "BucketEncryption/ServerSideEncryptionConfiguration/0"
ENCRYPTED = "test_both_buckets_encrypt_with_their_own_regions_key"
TLS = "test_both_buckets_refuse_requests_without_tls"
ENABLED = "test_each_bucket_replicates_by_one_enabled_rule"
SELECTED = "test_documents_under_kms_replicate_to_the_key_of_the_destination"
AGREED = "test_buckets_rules_and_replication_roles_agree_on_the_names"
PLAIN = "test_no_bucket_is_accelerated_and_timed_replication_is_measured"

BUCKETS: tuple[Mutation, ...] = (
    *either_side(
        "test_both_buckets_keep_versions",
        "suspended",
        lambda own, _: put(f"{_bucket(own)}/VersioningConfiguration/Status", "Suspended"),
    ),
    *either_side(
        ENCRYPTED,
        "AES256",
        lambda own, _: put(
            f"{_bucket(own)}/{ENCRYPTION}/ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"}
        ),
    ),
    *either_side(
        ENCRYPTED,
        "no bucket key",
        lambda own, _: put(f"{_bucket(own)}/{ENCRYPTION}/BucketKeyEnabled", value=False),
    ),
    *either_side(
        "test_no_bucket_can_become_public",
        "one flag off",
        lambda own, _: put(f"{_bucket(own)}/PublicAccessBlockConfiguration/BlockPublicPolicy", value=False),
    ),
    *either_side(TLS, "no policy", lambda own, _: drop(f"Resources/{own}DocumentsBucketPolicy")),
    *either_side(
        TLS,
        "only for objects",
        lambda own, _: drop(
            f"Resources/{own}DocumentsBucketPolicy/Properties/PolicyDocument/Statement/0/Resource/0"
        ),
    ),
    *either_side(
        "test_no_bucket_knows_access_control_lists",
        "an access control list",
        lambda own, _: put(f"{_bucket(own)}/AccessControl", "LogDeliveryWrite"),
    ),
    *either_side(
        "test_no_bucket_knows_access_control_lists",
        "objects owned by their writers",
        lambda own, _: put(f"{_bucket(own)}/OwnershipControls/Rules/0/ObjectOwnership", "ObjectWriter"),
    ),
    *either_side(ENABLED, "disabled", lambda own, _: put(f"{_rule(own)}/Status", "Disabled")),
    *either_side(ENABLED, "an old rule, no Filter", lambda own, _: drop(f"{_rule(own)}/Filter")),
    *either_side(
        "test_each_bucket_replicates_into_the_other_regions_bucket",
        "into itself",
        lambda own, other: replace(
            f"{_rule(own)}/Destination/Bucket/Fn::Sub", f"-{other.lower()}-", f"-{own.lower()}-"
        ),
    ),
    *either_side(SELECTED, "not selected", lambda own, _: drop(f"{_rule(own)}/SourceSelectionCriteria")),
    *either_side(
        SELECTED,
        "the source's key",
        lambda own, _: put(
            f"{_rule(own)}/Destination/EncryptionConfiguration/ReplicaKmsKeyID",
            {"Fn::GetAtt": [f"{own}KMSKey", "Arn"]},
        ),
    ),
    *either_side(
        AGREED,
        "a bucket with another name",
        lambda own, _: replace(f"{_bucket(own)}/BucketName/Fn::Sub", "documents-", "papers-"),
    ),
    *either_side(
        AGREED,
        "a role with another name",
        lambda own, _: replace(
            f"Resources/{own}ReplicationRole/Properties/Policies/0/PolicyDocument/Statement/2/Resource/Fn::Sub",
            "documents-",
            "papers-",
        ),
    ),
    *either_side(
        PLAIN,
        "accelerated",
        lambda own, _: put(f"{_bucket(own)}/AccelerateConfiguration", {"AccelerationStatus": "Enabled"}),
    ),
    *either_side(
        PLAIN,
        "timed without metrics",
        lambda own, _: put(
            f"{_rule(own)}/Destination/ReplicationTime", {"Status": "Enabled", "Time": {"Minutes": 15}}
        ),
    ),
)
