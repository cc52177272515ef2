"""Mutations for checks 17-25: the keys and their policies."""

from __future__ import annotations

from .change import Mutation, drop, either_side, mutation, put

ONE_KEY = "test_each_region_has_one_key_and_an_alias_of_it"
ONE_IN_BOTH = "test_the_key_is_symmetric_and_one_key_in_both_regions"
KEY = "Resources/PrimaryKMSKey/Properties"


def _statement(side: str, index: int) -> str:
    return f"Resources/{side}KMSKey/Properties/KeyPolicy/Statement/{index}"


KEYS: tuple[Mutation, ...] = (
    *either_side(
        ONE_KEY,
        "the alias of another key",
        lambda own, _: put(f"Resources/{own}KMSKeyAlias/Properties/TargetKeyId", "alias/aws/s3"),
    ),
    *mutation(
        ONE_KEY,
        "a second key in East",
        put("Resources/SpareKey", {"Type": "AWS::KMS::Key", "Condition": "IsPrimary", "Properties": {}}),
    ),
    *mutation("test_the_primary_key_rotates", "rotation off", put(f"{KEY}/EnableKeyRotation", value=False)),
    *mutation("test_the_primary_key_rotates", "rotation left out", drop(f"{KEY}/EnableKeyRotation")),
    *mutation(ONE_IN_BOTH, "MultiRegion false", put(f"{KEY}/MultiRegion", value=False)),
    *mutation(ONE_IN_BOTH, "an asymmetric key", put(f"{KEY}/KeySpec", "RSA_4096")),
    *mutation(ONE_IN_BOTH, "a key of West's own", put("Resources/SecondaryKMSKey/Type", "AWS::KMS::Key")),
    *mutation(
        ONE_IN_BOTH,
        "a replica of another key",
        put(
            "Resources/SecondaryKMSKey/Properties/PrimaryKeyArn",
            "arn:aws:kms:us-east-1:123456789012:key/mrk-1",
        ),
    ),
    *either_side(
        "test_the_account_keeps_full_rights_on_its_keys",
        "no root statement",
        lambda own, _: drop(_statement(own, 0)),
    ),
    *either_side(
        "test_lambda_may_use_the_keys",
        "Lambda without Encrypt",
        lambda own, _: drop(f"{_statement(own, 1)}/Action/1"),
    ),
    *either_side(
        "test_dynamodb_may_use_the_keys_and_create_grants",
        "DynamoDB without CreateGrant",
        lambda own, _: drop(f"{_statement(own, 2)}/Action/4"),
    ),
    *either_side(
        "test_dynamodb_may_use_the_keys_and_create_grants",
        "no DynamoDB statement",
        lambda own, _: drop(_statement(own, 2)),
    ),
    *either_side("test_s3_may_use_the_keys", "no S3 statement", lambda own, _: drop(_statement(own, 3))),
    *either_side(
        "test_services_use_the_keys_only_for_this_account",
        "no aws:SourceAccount",
        lambda own, _: drop(f"{_statement(own, 2)}/Condition"),
    ),
    *either_side(
        "test_no_key_policy_is_open_to_everybody",
        "the principal *",
        lambda own, _: put(f"{_statement(own, 1)}/Principal", "*"),
    ),
    *either_side(
        "test_no_key_policy_is_open_to_everybody",
        "the AWS principal *",
        lambda own, _: put(f"{_statement(own, 0)}/Principal/AWS", ["*"]),
    ),
)
