"""Where moto is hooked: the methods of `moto.cloudformation.responses.CloudFormationResponse`.

moto finds the method of an operation by its name in snake case. Every operation that AWS has gets
one here: ours, or a refusal by name. moto's own backend methods are never called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import moto.core.errors
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model

from qa.embedded.patches import operation, value

from . import operations, reading
from .errors import UNMODELLED, unmodelled
from .requests import check_parameters
from .stack_store import StackStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.patches import Patch
    from qa.embedded.world import World

OPERATIONS: Mapping[str, Any] = {
    "CreateChangeSet": operations.create_change_set,
    "CreateStack": operations.create_stack,
    "DeleteChangeSet": operations.delete_change_set,
    "DeleteStack": operations.delete_stack,
    "DescribeChangeSet": reading.describe_change_set,
    "DescribeStackEvents": reading.describe_stack_events,
    "DescribeStackResource": reading.describe_stack_resource,
    "DescribeStackResources": reading.describe_stack_resources,
    "DescribeStacks": reading.describe_stacks,
    "ExecuteChangeSet": operations.execute_change_set,
    "GetTemplate": reading.get_template,
    "GetTemplateSummary": reading.get_template_summary,
    "ListChangeSets": reading.list_change_sets,
    "ListExports": reading.list_exports,
    "ListImports": reading.list_imports,
    "ListStackResources": reading.list_stack_resources,
    "ListStacks": reading.list_stacks,
    "UpdateStack": operations.update_stack,
    "UpdateTerminationProtection": operations.update_termination_protection,
    "ValidateTemplate": reading.validate_template,
}


# moto has no method for these; what it has not got of the others is refused, by moto or by us
ADDED = frozenset({"ListImports", "UpdateTerminationProtection"})


def _serving(name: str, method: str) -> Patch:
    answer = OPERATIONS[name]

    def serve(response: CloudFormationResponse, world: World) -> ActionResult:
        params: Mapping[str, Any] = response.params
        check_parameters(name, params)
        return ActionResult(answer(world, StackStore(response.cloudformation_backend, world), params))

    return operation(CloudFormationResponse, method, serve, is_added=name in ADDED)


def _refusing(name: str, method: str) -> Patch:
    def refuse(_response: CloudFormationResponse, _world: World) -> Any:
        raise unmodelled(f"operation {name} of CloudFormation")

    return operation(
        CloudFormationResponse, method, refuse, is_added=not hasattr(CloudFormationResponse, method)
    )


def _with_ours(codes: list[str]) -> list[str]:
    # a code without a shape costs a warning per answer
    return [*codes, UNMODELLED]


PATCHES = (
    # moto's transformers expect its own Stack and ChangeSet objects
    value(CloudFormationResponse, "RESPONSE_KEY_PATH_TO_TRANSFORMER", lambda _: {}),
    value(moto.core.errors, "COMMON_ERROR_CODES", _with_ours),
    _refusing("ProcessCfnResponse", "process_cfn_response"),
    *[
        (_serving if name in OPERATIONS else _refusing)(name, camelcase_to_underscores(name))
        for name in get_service_model("cloudformation").operation_names
    ],
)
"""A method for every operation of the service, ours or a refusal."""
