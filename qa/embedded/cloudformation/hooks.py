"""Where moto is hooked: the methods of `moto.cloudformation.responses.CloudFormationResponse`.

moto finds the method of an operation by its name in snake case. Every operation that AWS has gets
one here: ours, or a refusal by name. moto's own backend methods are never called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation.responses import CloudFormationResponse
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, get_service_model

from . import operations, reading
from .errors import UNMODELLED, unmodelled
from .estate import Estate
from .requests import check_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


def hook(world: World) -> None:
    """Give CloudFormationResponse a method for every operation of the service, ours or a refusal."""
    # moto's transformers expect its own Stack and ChangeSet objects
    CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}
    for name in get_service_model("cloudformation").operation_names:
        ours = OPERATIONS.get(name)
        method = _refusing(name) if ours is None else _serving(world, name, ours)
        setattr(CloudFormationResponse, camelcase_to_underscores(name), method)
    setattr(CloudFormationResponse, "process_cfn_response", _refusing("ProcessCfnResponse"))  # noqa: B010 - a method
    if UNMODELLED not in COMMON_ERROR_CODES:
        COMMON_ERROR_CODES.append(UNMODELLED)  # a code without a shape costs a warning per answer


def _serving(
    world: World, name: str, operation: Callable[[World, Estate, Mapping[str, Any]], dict[str, Any]]
) -> Callable[[CloudFormationResponse], ActionResult]:
    def serve(self: CloudFormationResponse) -> ActionResult:
        params: Mapping[str, Any] = self.params
        check_parameters(name, params)
        return ActionResult(operation(world, Estate(self.cloudformation_backend), params))

    return serve


def _refusing(name: str) -> Callable[[CloudFormationResponse], Any]:
    def refuse(_self: CloudFormationResponse) -> Any:
        raise unmodelled(f"operation {name} of CloudFormation")

    return refuse
