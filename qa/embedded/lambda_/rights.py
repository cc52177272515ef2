"""Lambda: functions by name, partial or full ARN, as rights on function ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from qa.embedded.service.rights import Call, Need, each, everywhere, on, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import ContextValues, Needs


def _function(call: Call) -> str:
    given = str(call.get("FunctionName") or "")
    name = given.partition("function:")[2] if "function:" in given else given
    qualifier = call.get("Qualifier")
    return call.arn(f"function:{name}{f':{qualifier}' if qualifier and ':' not in name else ''}")


def _invoke(call: Call) -> Iterable[Need]:
    return (Need(action="lambda:InvokeFunction", resource=_function(call)),)


def _with_role(call: Call) -> Iterable[Need]:
    """Yield the right on the function and, where a role is handed over, on that."""
    yield Need(action=f"lambda:{call.operation}", resource=_function(call))
    if call.get("Role"):
        context = {"iam:PassedToService": "lambda.amazonaws.com"}
        yield Need(action="iam:PassRole", resource=str(call.get("Role")), context=context)


def _permission(call: Call) -> ContextValues:
    return {"lambda:Principal": str(call.get("Principal"))} if call.get("Principal") else {}


def _mapping(call: Call) -> ContextValues:
    return {"lambda:FunctionArn": _function(call)} if call.get("FunctionName") else {}


RIGHTS: dict[str, Needs] = (
    each(
        "GetFunction GetFunctionConfiguration GetFunctionConcurrency PutFunctionConcurrency GetPolicy "
        "DeleteFunctionConcurrency DeleteFunction UpdateFunctionCode PublishVersion ListVersionsByFunction "
        "ListAliases CreateAlias GetAlias UpdateAlias DeleteAlias PutFunctionEventInvokeConfig "
        "GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig",
        on("lambda", _function),
    )
    | each("Invoke InvokeAsync", _invoke)
    | {"CreateFunction": tagged(_with_role, "lambda:TagResource"), "UpdateFunctionConfiguration": _with_role}
    | each("AddPermission RemovePermission", on("lambda", _function, _permission))
    | each("CreateEventSourceMapping ListEventSourceMappings", on("lambda", lambda _: "*", _mapping))
    | each("ListTags TagResource UntagResource", on("lambda", lambda call: str(call.get("Resource"))))
    | each("ListFunctions GetAccountSettings", everywhere("lambda"))
)


def policy_of(region: str, rest: str, account_id: str) -> Any:
    """Return the policy of a function, by the rest of its ARN; None without one."""
    name, _, qualifier = rest.removeprefix("function:").partition(":")
    try:
        function = lambda_backends[account_id][region].get_function(name, qualifier or None)
    except UnknownFunctionException:
        return None
    statements = function.policy.statements
    return {"Version": "2012-10-17", "Statement": statements} if statements else None
