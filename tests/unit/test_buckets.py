"""Checks 37-46: the documents buckets and their replication in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .findings import Finding, differs, finding, require, unless
from .policies import conditions, listed, principals, role_rights, statements
from .stack import ABSENT, ACCOUNT, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack

RULES = "ReplicationConfiguration/Rules"
RULE = f"{RULES}/0"


def test_both_buckets_keep_versions(stacks: tuple[Stack, Stack]) -> None:
    do = "enable versioning: S3 replicates between versioned buckets only"
    require(
        found
        for stack in stacks
        for found in differs(stack, _bucket(stack), "VersioningConfiguration/Status", "Enabled", do=do)
    )


def test_both_buckets_encrypt_with_their_own_regions_key(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        rules = "BucketEncryption/ServerSideEncryptionConfiguration"
        default = f"{rules}/0/ServerSideEncryptionByDefault"
        do = "encrypt with the region's own key"
        yield from differs(stack, _bucket(stack), f"{default}/SSEAlgorithm", "aws:kms", do=do)
        key = stack.meaning(stack.property(_bucket(stack), f"{default}/KMSMasterKeyID"))
        expected = stack.meaning(f"${{{stack.side}KMSKey.Arn}}")
        yield from unless(
            stack, _bucket(stack), f"{default}/KMSMasterKeyID", actual=key, expected=expected, do=do
        )
        do = "use a bucket key: the roles' encryption context is the bucket, not the object"
        yield from differs(stack, _bucket(stack), f"{rules}/0/BucketKeyEnabled", expected=True, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_no_bucket_can_become_public(stacks: tuple[Stack, Stack]) -> None:
    flags = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    require(
        found
        for stack in stacks
        for flag in flags
        for found in differs(
            stack,
            _bucket(stack),
            f"PublicAccessBlockConfiguration/{flag}",
            expected=True,
            do="set all four flags",
        )
    )


def test_both_buckets_refuse_requests_without_tls(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        policy, arn = f"{_bucket(stack)}Policy", stack.meaning(f"${{{_bucket(stack)}.Arn}}")
        bucket = stack.meaning(stack.property(policy, "Bucket"))
        expected = stack.property(_bucket(stack), "BucketName")
        do = "let the policy be the one of this region's bucket"
        yield from unless(stack, policy, "Bucket", actual=bucket, expected=expected, do=do)
        said = statements(stack, policy, "PolicyDocument")
        if not any(_denies_without_tls(statement, arn) for statement in said):
            expected = f"Deny s3:* for * on {arn} and {arn}/* if aws:SecureTransport is false"
            do = "restore the statement, for the bucket and its objects"
            yield finding(stack, policy, "PolicyDocument/Statement", actual=said, expected=expected, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_no_bucket_knows_access_control_lists(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        path = "OwnershipControls/Rules/0/ObjectOwnership"
        do = "let the bucket's owner own every object: access is decided by policies alone"
        yield from differs(stack, _bucket(stack), path, "BucketOwnerEnforced", do=do)
        do = "remove it: S3 refuses an access control list under BucketOwnerEnforced"
        yield from differs(stack, _bucket(stack), "AccessControl", ABSENT, do=do)

    require(found for stack in stacks for found in findings(stack))


def test_each_bucket_replicates_by_one_enabled_rule(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        bucket = _bucket(stack)
        identifiers = [below(rule, "Id") for rule in listed(stack.property(bucket, RULES))]
        expected = [f"documents-to-{stack.other_side.lower()}"]
        do = "keep one rule each way"
        yield from unless(stack, bucket, RULES, actual=identifiers, expected=expected, do=do)
        do = "a rule replicates when it is enabled and says what S3 wants of a rule with a Filter"
        yield from differs(stack, bucket, f"{RULE}/Status", "Enabled", do=do)
        yield from differs(stack, bucket, f"{RULE}/Filter", {"Prefix": ""}, do=do)
        yield from differs(stack, bucket, f"{RULE}/Priority", 1, do=do)
        yield from differs(stack, bucket, f"{RULE}/DeleteMarkerReplication/Status", "Disabled", do=do)

    require(found for stack in stacks for found in findings(stack))


def test_each_bucket_replicates_into_the_other_regions_bucket(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack, other: Stack) -> Iterator[Finding]:
        do = f"name the bucket of the stack in {other.region}"
        path = f"{RULE}/Destination/Bucket"
        actual = stack.meaning(stack.property(_bucket(stack), path))
        yield from unless(stack, _bucket(stack), path, actual=actual, expected=_arn(other), do=do)

    require(each for stack, other in _both_ways(stacks) for each in findings(stack, other))


def test_documents_under_kms_replicate_to_the_key_of_the_destination(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack, other: Stack) -> Iterator[Finding]:
        do = "select them: S3 leaves objects under KMS out otherwise, and every document is one"
        path = f"{RULE}/SourceSelectionCriteria/SseKmsEncryptedObjects/Status"
        yield from differs(stack, _bucket(stack), path, "Enabled", do=do)
        path = f"{RULE}/Destination/EncryptionConfiguration/ReplicaKmsKeyID"
        actual = stack.meaning(stack.property(_bucket(stack), path))
        expected = other.meaning(f"${{{other.side}KMSKey.Arn}}")
        do = f"name the key in {other.region}, by ARN"
        yield from unless(stack, _bucket(stack), path, actual=actual, expected=expected, do=do)

    require(each for stack, other in _both_ways(stacks) for each in findings(stack, other))


def test_buckets_rules_and_replication_roles_agree_on_the_names(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack, other: Stack) -> Iterator[Finding]:
        name = f"documents-{stack.side.lower()}-{ACCOUNT}-{stack.suffix}"
        do = "the other region's stack names this bucket by string: change all of them together"
        yield from differs(stack, _bucket(stack), "BucketName", name, do=do)
        role = f"{stack.side}ReplicationRole"
        actual = stack.meaning(stack.property(_bucket(stack), "ReplicationConfiguration/Role"))
        do = "the rule is carried out by its own region's replication role"
        path = "ReplicationConfiguration/Role"
        yield from unless(stack, _bucket(stack), path, actual=actual, expected=f"${{{role}.Arn}}", do=do)
        named = {right.resource for right in role_rights(stack, role) if ":s3:::" in right.resource}
        expected = {_arn(stack), f"{_arn(stack)}/*", f"{_arn(other)}/*"}
        do = "let the role name both buckets as they are called"
        yield from unless(stack, role, "Policies", actual=sorted(named), expected=sorted(expected), do=do)

    require(each for stack, other in _both_ways(stacks) for each in findings(stack, other))


def test_no_bucket_is_accelerated_and_timed_replication_is_measured(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        path = "AccelerateConfiguration/AccelerationStatus"
        actual = stack.property(_bucket(stack), path)
        if actual not in {ABSENT, "Suspended"}:
            do = "remove it: it costs, and does nothing for replication"
            yield finding(stack, _bucket(stack), path, actual=actual, expected=ABSENT, do=do)
        timed = stack.property(_bucket(stack), f"{RULE}/Destination/ReplicationTime/Status")
        if timed == "Enabled":
            path, do = f"{RULE}/Destination/Metrics/Status", "S3 refuses ReplicationTime without Metrics"
            yield from differs(stack, _bucket(stack), path, "Enabled", do=do)

    require(each for stack in stacks for each in findings(stack))


def _bucket(stack: Stack) -> str:
    return f"{stack.side}DocumentsBucket"


def _arn(stack: Stack) -> str:
    return f"arn:aws:s3:::{stack.property(_bucket(stack), 'BucketName')}"


def _both_ways(stacks: tuple[Stack, Stack]) -> tuple[tuple[Stack, Stack], tuple[Stack, Stack]]:
    return stacks, (stacks[1], stacks[0])


def _denies_without_tls(statement: dict[str, Any], arn: str) -> bool:
    return (
        statement.get("Effect") == "Deny"
        and (statement.get("Principal") == "*" or "*" in principals(statement, "AWS"))
        and listed(statement.get("Action")) == ["s3:*"]
        and set(listed(statement.get("Resource"))) == {arn, f"{arn}/*"}
        and [
            (operator, key, [value.lower() for value in values])
            for operator, key, values in conditions(statement)
        ]
        == [("Bool", "aws:SecureTransport", ["false"])]
    )
