"""The 75 checks as a list: their order is their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    test_alarms,
    test_buckets,
    test_conditions,
    test_global_table,
    test_graph,
    test_iam,
    test_kms,
    test_lambda,
    test_names,
    test_outputs,
    test_parameters,
    test_sns,
    test_structure,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GROUPS = (
    test_structure,
    test_parameters,
    test_conditions,
    test_kms,
    test_global_table,
    test_buckets,
    test_lambda,
    test_iam,
    test_sns,
    test_alarms,
    test_outputs,
    test_graph,
    test_names,
)

CHECKS: dict[str, Callable[..., None]] = {
    name: check for group in GROUPS for name, check in vars(group).items() if name.startswith("test_")
}
"""Each check's function by its name."""

GUARDS = {
    "test_no_resource_needs_itself": "F1",
    "test_key_policies_refer_to_no_resource_of_the_stack": "F1",
    "test_the_table_is_a_global_table_and_no_plain_table_has_replicas": "F2",
    "test_no_function_reserves_concurrency": "F3",
    "test_the_processors_run_on_a_supported_node_22": "F4",
    "test_dynamodb_may_use_the_keys_and_create_grants": "F5",
    "test_no_key_is_named_for_the_table_or_a_replica": "F6",
}
"""Which failure of the failure analysis a check keeps from coming back."""
