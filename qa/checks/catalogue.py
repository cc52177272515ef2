"""All rules, in the order in which they run and are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import (
    alarms,
    arns,
    cycles,
    function_code,
    functions,
    keys,
    limits_of_sight,
    names,
    replicas,
    replication,
    roles,
    schema,
    service_keys,
    tables,
    targets,
)

if TYPE_CHECKING:
    from .rule import Rule

RULES: tuple[Rule, ...] = (
    cycles.circular_dependency,
    schema.unknown_type,
    schema.unknown_property,
    schema.missing_property,
    schema.wrong_type,
    schema.wrong_value,
    targets.missing_target,
    targets.unknown_attribute,
    targets.absent_in_region,
    functions.deprecated_runtime,
    functions.reserved_concurrency,
    keys.key_without_dynamodb,
    tables.table_with_replicas,
    tables.global_table_key,
    tables.replica_key_region,
    replicas.replica_own_region,
    replicas.replica_peer_region,
    replicas.replica_recovery,
    replicas.global_table_stream,
    service_keys.key_without_service,
    service_keys.topic_with_aws_key,
    service_keys.single_region_ciphertext,
    replication.replication_versioning,
    replication.replication_to_self,
    replication.replication_kms_objects,
    replication.replication_key_region,
    function_code.function_rights,
    function_code.environment_target,
    function_code.region_variable,
    function_code.handler_not_exported,
    roles.role_trust,
    roles.managed_policy,
    alarms.unknown_metric,
    alarms.metric_dimensions,
    alarms.alarm_target,
    alarms.receiving_region,
    alarms.lag_alarm_missing_data,
    alarms.alarm_action_region,
    alarms.alarm_without_action,
    arns.literal_region,
    arns.literal_account,
    names.physical_name,
    names.global_name,
    names.duplicate_export,
    limits_of_sight.transform_not_analysed,
    limits_of_sight.malformed_suppression,
)
"""A new rule is one function in a module of qa/checks/rules and one line here."""
