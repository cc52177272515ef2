"""Functions that leave no log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.access import is_like, text_of
from qa.checks.knowledge.code_use import with_code
from qa.checks.knowledge.naming import (
    LOG_GROUP,
    get_nested,
    physical_name,
    resolve_resource,
)
from qa.checks.knowledge.rights import rights_of, role_meant
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_LOGS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html"


@rule("function-logs", severity=Severity.WARNING, source=_LOGS)
def function_logs(context: Context) -> Iterator[Fault]:
    """A function whose role may not write the function's log.

    It works, and leaves no trace: at night there is nothing to read. It takes logs:CreateLogStream and
    logs:PutLogEvents on its log group, /aws/lambda/<name> if no other is set. Judged are functions with a
    fixed name or log group, and roles that are known whole.
    """
    for stack, function, _ in with_code(context):
        role = role_meant(function.properties.get("Role"), stack)
        group, managed = _log_group(function, stack), role and role.properties.get("ManagedPolicyArns")
        found, is_whole = rights_of(role, stack) if role else ([], False)
        if role is None or group is None or managed or not is_whole:
            continue
        arn = f"arn:*:logs:{stack.region}:*:log-group:{group}"
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            allowing = [one for one in found if one.is_allow and one.names(action)]
            if any(_reaches_group(value, arn, stack) for one in allowing for value in one.resources):
                continue
            yield Fault(
                path=stack.path_of(role.logical_id, "Policies"),
                region=stack.region,
                message=f"{function.logical_id} logs to {group}, and its role may not {action} there",
                actual=sorted(str(value) for one in allowing for value in one.resources),
                expected=f"an Allow of {action} on log-group:{group}:*",
                fix=f"allow it in {role.logical_id}, or attach AWSLambdaBasicExecutionRole",
            )
            break


def _log_group(function: EvaluatedResource, stack: RegionalStack) -> str | None:
    """Return the name of a function's log group; None when it is not known."""
    set_one = get_nested(function.properties, "LoggingConfig", "LogGroup")
    if set_one is not None:
        found = resolve_resource(set_one, stack, (stack,))
        is_group = found is not None and found.resource.type == LOG_GROUP
        return physical_name(found.resource) if found and is_group else None
    name = physical_name(function)
    return f"/aws/lambda/{name}" if name and "LoggingConfig" not in function.properties else None


def _reaches_group(value: object, arn: str, stack: RegionalStack) -> bool:
    """Say whether a policy's resource may be in a log group; both may have stars."""
    text = text_of(value, stack)
    if text is None or "${" in text:
        return True
    name = arn.split(":log-group:")[1]
    parts = text.split(":", 5)
    if len(parts) < len(("arn", "partition", "service", "region", "account", "name")):
        return text == "*"
    is_here = is_like(parts[3], arn.split(":")[3]) is not False
    pattern = parts[5].removeprefix("log-group:")
    return is_here and (pattern.startswith(name) or is_like(pattern, f"{name}:log-stream:s") is not False)
