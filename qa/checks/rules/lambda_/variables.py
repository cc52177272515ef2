"""Environment variables that Lambda does not take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    FUNCTION,
    get_nested,
    known_part,
    resources_of_type,
)
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context

_VARIABLES = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"
_VARIABLE_BYTES = 4_096
_RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)


@rule("function-variables", severity=Severity.ERROR, source=_VARIABLES)
def function_variables(context: Context) -> Iterator[Fault]:
    """Environment variables of a function that are longer together than Lambda takes.

    All of them have at most 4 KB, names and values counted. What only AWS knows is counted as nothing.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        variables = get_nested(function.properties, "Environment", "Variables")
        size = _bytes(known_part(variables)) if isinstance(variables, dict) else 0
        if size > _VARIABLE_BYTES:
            yield Fault(
                path=stack.path_of(function.logical_id, "Environment", "Variables"),
                region=stack.region,
                message=f"The variables have {size:,} bytes at least; Lambda takes {_VARIABLE_BYTES:,}",
                actual=size,
                expected=f"at most {_VARIABLE_BYTES:,} bytes",
                fix="keep long values in a parameter store",
            )


def _bytes(variables: dict[str, Any]) -> int:
    return sum(len(f"{name}{value}".encode("utf-8", "replace")) for name, value in variables.items())


@rule("reserved-variable", severity=Severity.ERROR, source=_VARIABLES)
def reserved_variable(context: Context) -> Iterator[Fault]:
    """An environment variable that Lambda sets itself.

    "Reserved keys used in this request: AWS_REGION": Lambda refuses the function. The region is there
    anyway, as AWS_REGION; to lead the code elsewhere use a name of your own.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        variables = get_nested(function.properties, "Environment", "Variables")
        for name in sorted(_RESERVED & set(variables)) if isinstance(variables, dict) else ():
            yield Fault(
                path=stack.path_of(function.logical_id, "Environment", "Variables", name),
                region=stack.region,
                message=f"Lambda sets {name} itself and refuses a function that sets it",
                actual=name,
                expected="names that Lambda does not reserve",
                fix=f"remove {name}, or give it a name of your own",
            )
