"""CloudFormation: reading stacks.

What a stack's creation does for a caller is judged by the caller's own rights on AWS, resource by
resource; that is not modelled, so only the administrator may change stacks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.cloudformation.models import cloudformation_backends

from .call import Call, each, everywhere, on

if TYPE_CHECKING:
    from .call import Needs


def _stack(call: Call) -> str:
    told = str(call.get("StackName") or "")
    if not told or told.startswith("arn:"):
        return told or call.arn("stack/*")
    stacks = tuple(cloudformation_backends[call.account_id][call.region].stacks.values())
    return next((stack.stack_id for stack in stacks if stack.name == told), call.arn(f"stack/{told}/*"))


OPERATIONS: dict[str, Needs] = each(
    "DescribeStacks ListStackResources DescribeStackResource DescribeStackResources DescribeStackEvents "
    "DescribeChangeSet ListChangeSets GetTemplate GetTemplateSummary GetStackPolicy",
    on("cloudformation", _stack),
) | each("ListStacks ListExports ListImports ValidateTemplate", everywhere("cloudformation"))
