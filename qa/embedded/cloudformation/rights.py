"""CloudFormation: rights on stacks, by name or ID.

What CloudFormation does for a caller is judged by the caller's own rights, request by request:
`qa.embedded.cloudformation.declared`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.cloudformation.models import cloudformation_backends

from qa.embedded.service.rights import Call, each, everywhere, on

if TYPE_CHECKING:
    from qa.embedded.service.rights import Needs


def _stack(call: Call) -> str:
    named = str(call.get("StackName") or _stack_of_change_set(call) or "")
    if not named or named.startswith("arn:"):
        return named or call.arn("stack/*")
    stacks = tuple(cloudformation_backends[call.account_id][call.region].stacks.values())
    return next((stack.stack_id for stack in stacks if stack.name == named), call.arn(f"stack/{named}/*"))


def _stack_of_change_set(call: Call) -> str | None:
    """Return the stack of a change set that is named by its ARN alone."""
    named = str(call.get("ChangeSetName") or "")
    kept = getattr(cloudformation_backends[call.account_id][call.region], "change_sets", {})
    found = kept.get(named)
    return None if found is None else str(found.stack.stack_id)


RIGHTS: dict[str, Needs] = each(
    "DescribeStacks ListStackResources DescribeStackResource DescribeStackResources DescribeStackEvents "
    "DescribeChangeSet ListChangeSets GetTemplate GetTemplateSummary GetStackPolicy CreateChangeSet "
    "ExecuteChangeSet DeleteChangeSet CreateStack UpdateStack DeleteStack UpdateTerminationProtection",
    on("cloudformation", _stack),
) | each("ListStacks ListExports ListImports ValidateTemplate", everywhere("cloudformation"))
