"""Mutations for checks 26-36: the global table."""

from __future__ import annotations

from .change import Mutation, add, drop, mutation, put, together

PLACE = "Resources/TransactionsTable"
PROPERTIES = f"{PLACE}/Properties"

TABLE: tuple[Mutation, ...] = (
    *mutation(
        "test_the_table_is_a_global_table_and_no_plain_table_has_replicas",
        "a plain table",
        put(f"{PLACE}/Type", "AWS::DynamoDB::Table"),
    ),
    *mutation(
        "test_the_table_is_a_global_table_and_no_plain_table_has_replicas",
        "another plain table with replicas",
        put("Resources/Other", {"Type": "AWS::DynamoDB::Table", "Properties": {"Replicas": []}}),
    ),
    *mutation(
        "test_the_table_has_replicas_in_exactly_the_two_regions",
        "no replica in West",
        drop(f"{PROPERTIES}/Replicas/1"),
    ),
    *mutation(
        "test_the_table_has_replicas_in_exactly_the_two_regions",
        "a third replica",
        add(f"{PROPERTIES}/Replicas", {"Region": "eu-west-1"}),
    ),
    *mutation(
        "test_the_tables_own_region_is_among_its_replicas",
        "no replica in East",
        drop(f"{PROPERTIES}/Replicas/0"),
    ),
    *mutation(
        "test_the_table_is_on_demand_with_no_provisioned_capacity",
        "provisioned",
        put(f"{PROPERTIES}/BillingMode", "PROVISIONED"),
    ),
    *mutation(
        "test_the_table_is_on_demand_with_no_provisioned_capacity",
        "provisioned settings of a replica",
        put(
            f"{PROPERTIES}/Replicas/0/ReadProvisionedThroughputSettings",
            {"ReadCapacityUnits": 1},
        ),
    ),
    *mutation(
        "test_the_partition_key_is_the_transaction_id_a_string",
        "another name",
        together(
            put(f"{PROPERTIES}/KeySchema/0/AttributeName", "id"),
            put(f"{PROPERTIES}/AttributeDefinitions/0/AttributeName", "id"),
        ),
    ),
    *mutation(
        "test_the_sort_key_is_the_timestamp_a_number",
        "a string",
        put(f"{PROPERTIES}/AttributeDefinitions/1/AttributeType", "S"),
    ),
    *mutation(
        "test_only_key_attributes_are_defined",
        "a stray attribute",
        add(f"{PROPERTIES}/AttributeDefinitions", {"AttributeName": "amount", "AttributeType": "N"}),
    ),
    *mutation(
        "test_the_stream_holds_new_and_old_images",
        "keys only",
        put(f"{PROPERTIES}/StreamSpecification/StreamViewType", "KEYS_ONLY"),
    ),
    *mutation(
        "test_every_replica_can_be_restored_to_a_point_in_time",
        "off in East",
        put(
            f"{PROPERTIES}/Replicas/0/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
            value=False,
        ),
    ),
    *mutation(
        "test_every_replica_can_be_restored_to_a_point_in_time",
        "left out in West",
        drop(f"{PROPERTIES}/Replicas/1/PointInTimeRecoverySpecification"),
    ),
    *mutation(
        "test_the_table_is_encrypted_by_kms",
        "off",
        put(f"{PROPERTIES}/SSESpecification/SSEEnabled", value=False),
    ),
    *mutation(
        "test_the_table_is_encrypted_by_kms", "no type", drop(f"{PROPERTIES}/SSESpecification/SSEType")
    ),
    *mutation(
        "test_no_key_is_named_for_the_table_or_a_replica",
        "a key for the table",
        put(f"{PROPERTIES}/SSESpecification/KMSMasterKeyId", {"Ref": "PrimaryKMSKey"}),
    ),
    *mutation(
        "test_no_key_is_named_for_the_table_or_a_replica",
        "a key for a replica",
        put(f"{PROPERTIES}/Replicas/1/SSESpecification", {"KMSMasterKeyId": {"Ref": "PrimaryKMSKey"}}),
    ),
)
