"""Services that are to call a function, and may not."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    BUCKET,
    FUNCTION,
    mappings,
    resolve_resource,
    resources_of_type,
)
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_PERMISSION = "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"
_CALLERS = ("AWS::SNS::Subscription", "AWS::Events::Rule", BUCKET)


@rule("function-not-invokable", severity=Severity.ERROR, source=_PERMISSION)
def function_not_invokable(context: Context) -> Iterator[Fault]:
    """A function that a topic, rule or bucket is to call, and may not.

    Each service that calls a function in its own name needs an AWS::Lambda::Permission. S3 refuses the
    notification without it; SNS and EventBridge drop the call without a word. Judged are functions of the
    stack that have no permission for the service there, by whatever name; a macro may make one.
    """
    for stack, function, service, caller in () if context.macros else _calls(context):
        allowed = _services_allowed(stack)
        known = allowed.get(function.logical_id, set()) | allowed.get(None, set())
        if stack.is_whole and not known & {service, None}:
            yield Fault(
                path=("Resources", caller.logical_id),
                region=stack.region,
                message=f"{caller.logical_id} calls {function.logical_id}, "
                f"and {service}.amazonaws.com may not",
                actual=None,
                expected=f"an AWS::Lambda::Permission for {service}.amazonaws.com",
                fix="add the permission, bounded by SourceArn",
            )


def _calls(
    context: Context,
) -> Iterator[tuple[RegionalStack, EvaluatedResource, str, EvaluatedResource]]:
    """Yield (stack, function, service, what makes the service call it)."""
    for stack, caller in resources_of_type(context, *_CALLERS):
        service, values = _callees(caller)
        for value in values:
            found = resolve_resource(value, stack, (stack,))
            if found and found.resource.type == FUNCTION:
                yield stack, found.resource, service, caller


def _callees(caller: EvaluatedResource) -> tuple[str, list[object]]:
    properties = caller.properties
    if caller.type == "AWS::SNS::Subscription":
        return "sns", [properties.get("Endpoint")] if properties.get("Protocol") == "lambda" else []
    if caller.type == "AWS::Events::Rule":
        return "events", [
            one.get("Arn") for _, one in mappings(properties.get("Targets")) if "RoleArn" not in one
        ]
    configuration = properties.get("NotificationConfiguration")
    configured = configuration.get("LambdaConfigurations") if isinstance(configuration, dict) else None
    return "s3", [one.get("Function") for _, one in mappings(configured)]


@lru_cache(maxsize=8)
def _services_allowed(stack: RegionalStack) -> dict[str | None, set[str | None]]:
    """Return the services that may call each function, by its logical ID; None: not known, or everybody."""
    found: dict[str | None, set[str | None]] = {}
    for permission in stack.of_type("AWS::Lambda::Permission"):
        principal, value = (permission.properties.get(key) for key in ("Principal", "FunctionName"))
        function = resolve_resource(value, stack, (stack,))
        is_known = function is not None and function.resource.type == FUNCTION
        service = principal.partition(".")[0] if isinstance(principal, str) and principal != "*" else None
        found.setdefault(function.resource.logical_id if function and is_known else None, set()).add(service)
    return found
