"""Functions whose inline code and surroundings do not fit together."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.code_use import subject, with_code
from qa.checks.knowledge.inline_code import KINDS, exports
from qa.checks.knowledge.naming import (
    FUNCTION,
    GLOBAL_TABLE,
    get_nested,
    plain,
    region_of,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.rights import granted_by_resources, rights_of, role_meant
from qa.checks.rule import Fault, rule
from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.naming import Meant
    from qa.checks.knowledge.rights import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import Path

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_ROLE = f"{_LAMBDA}lambda-intro-execution-role.html"
_VARIABLES = f"{_LAMBDA}configuration-envvars.html"
_HANDLER = f"{_LAMBDA}nodejs-handler.html"
_KNOWN = frozenset(kind for kinds in KINDS.values() for kind in kinds)
"""Custom resources, nested stacks and other types may give the name of anything."""
_SET_BY_LAMBDA = ("AWS_", "_HANDLER", "LAMBDA_", "LANG", "PATH", "TZ")


@rule("function-rights", severity=Severity.ERROR, source=_ROLE)
def function_rights(context: Context) -> Iterator[Fault]:
    """A function whose role lacks a right that its code needs.

    Read from the calls of the AWS SDK v3 in inline JavaScript and of boto3 in inline Python: `new
    PutItemCommand` and `client("dynamodb").put_item` need dynamodb:PutItem. A KMS right bounded by
    kms:ViaService serves another service only, not the code's own call. A right on another resource than
    the one the code is given does not count either. Not judged: roles outside the stack, roles with
    managed policies of unknown content, code that takes other credentials, rights that a key, bucket or
    topic policy of the stack gives.
    """
    for stack, function, code in with_code(context):
        role = role_meant(function.properties.get("Role"), stack)
        statements, is_whole = rights_of(role, stack) if role else ([], False)
        if role is None or not is_whole:
            continue
        for action in sorted(code.needs):
            if granted_by_resources(action, stack):
                continue
            reason = _denied(
                action, statements, subject(action, code, function, stack=stack, context=context), stack
            )
            if reason:
                yield Fault(
                    path=stack.path_of(role.logical_id, "Policies"),
                    region=stack.region,
                    message=f"The code of {function.logical_id} needs {action}; the role {reason}",
                    actual=sorted({str(one) for part in statements if part.is_allow for one in part.actions}),
                    expected=f"an Allow of {action} on what the code uses",
                    fix=f"allow {action} in {role.logical_id}",
                )


@rule("environment-target", severity=Severity.ERROR, source=_VARIABLES)
def environment_target(context: Context) -> Iterator[Fault]:
    """An environment variable that leads the code to the wrong resource.

    Read from inline JavaScript and Python: what is handed over as TableName, Bucket, KeyId, TopicArn,
    QueueUrl or FunctionName must be set, and be a resource of that kind: an error if not. A resource of
    the other region is a warning: the code would work, until that region is lost.
    """
    for stack, function, code in with_code(context):
        variables = get_nested(function.properties, "Environment", "Variables") or {}
        if not isinstance(variables, dict):
            continue
        for parameter, name in code.handed_over:
            path = stack.path_of(function.logical_id, "Environment", "Variables", name)
            if name in variables:
                yield from _misled(parameter, variables[name], path, stack, context)
            elif not name.startswith(_SET_BY_LAMBDA):
                near = get_close_matches(name, variables, n=1)
                yield Fault(
                    path=path,
                    region=stack.region,
                    message=f"The code hands {name} over as {parameter}, and it is not set",
                    actual=sorted(variables),
                    expected=f"{name} among the variables",
                    fix=f"did you mean {near[0]}?"
                    if near
                    else f"set {name} to the {parameter} of a resource",
                )


def _misled(
    parameter: str, value: object, path: Path, stack: RegionalStack, context: Context
) -> Iterator[Fault]:
    found = resolve_resource(value, stack, context.stacks, named=frozenset(KINDS[parameter]))
    found = found or resolve_resource(value, stack, context.stacks)  # a resource of another kind
    is_kind = found is None or found.resource.type in KINDS[parameter] or found.resource.type not in _KNOWN
    region = found.stack.region if found else region_of(value, stack)
    is_foreign = region not in {None, stack.region} and not (found and found.resource.type == GLOBAL_TABLE)
    if is_kind and not is_foreign:
        return
    words = found.words if found else f"in {region}"
    yield Fault(
        path=path,
        region=stack.region,
        severity=Severity.WARNING if is_kind else None,
        message=f"The code takes this as {parameter}; it is {words}",
        actual=plain(value),
        expected=f"a resource in {stack.region} of type {' or '.join(sorted(KINDS[parameter]))}",
        fix=f"name the stack's own resource for {parameter}",
    )


@rule("region-variable", severity=Severity.WARNING, source=_VARIABLES)
def region_variable(context: Context) -> Iterator[Fault]:
    """A variable REGION that names another region than the function's own.

    Code that makes its clients from it then works in the other region: it fails when that region is lost,
    which is what the standby is there for. Use {"Ref": "AWS::Region"}.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        value = get_nested(function.properties, "Environment", "Variables", "REGION")
        is_region = isinstance(value, str) and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", value)
        if is_region and value != stack.region:
            yield Fault(
                path=stack.path_of(function.logical_id, "Environment", "Variables", "REGION"),
                region=stack.region,
                message=f"The function runs in {stack.region} and is given {value}",
                actual=value,
                expected=stack.region,
                fix='write {"Ref": "AWS::Region"}',
            )


@rule("handler-not-exported", severity=Severity.ERROR, source=_HANDLER)
def handler_not_exported(context: Context) -> Iterator[Fault]:
    """A Handler that the inline code does not have.

    Inline code is the file index; Handler is index.<name of the function that it exports>. Otherwise the
    function deploys, and every call ends with Runtime.HandlerNotFound or Runtime.ImportModuleError.
    Judged are Node.js and Python; an export made in a way that cannot be read is left alone.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        handler, runtime = function.properties.get("Handler"), function.properties.get("Runtime")
        code = get_nested(function.properties, "Code", "ZipFile")
        if not all(isinstance(one, str) for one in (handler, runtime, code)):
            continue
        file, _, name = str(handler).partition(".")
        if file == "index" and exports(str(code), name, runtime=str(runtime)) is not False:
            continue
        yield Fault(
            path=stack.path_of(function.logical_id, "Handler"),
            region=stack.region,
            message=f"Inline code is the file index, not {file}"
            if file != "index"
            else f"The inline code exports no {name!r}",
            actual=handler,
            expected="index.<a function that the code exports>",
            fix="correct Handler, or the name that the code exports",
        )


def _denied(
    action: str, statements: list[Statement], subject: Meant | None, stack: RegionalStack
) -> str | None:
    """Return why no statement allows an action; None if one does or may."""
    allowing = [one for one in statements if one.is_allow and one.names(action)]
    if not allowing:
        return "does not allow it"
    direct = [one for one in allowing if not _is_through_another(one.conditions)]
    if action.startswith("kms:") and not direct:
        return "allows it only through another service (kms:ViaService)"
    reachable = [value for one in direct or allowing for value in one.resources]
    if subject and not any(_reaches(value, subject, stack) for value in reachable):
        return f"allows it, but not on {subject.resource.logical_id}"
    return None


def _is_through_another(conditions: dict[str, Any]) -> bool:
    return any("kms:ViaService" in keys for keys in conditions.values() if isinstance(keys, dict))


def _reaches(value: object, subject: Meant, stack: RegionalStack) -> bool:
    """Say whether a policy's resource may be this one; what is not known may."""
    found = resolve_resource(value, stack, (stack, subject.stack))
    if found is None or (isinstance(value, Unknown) and found.resource.type == "AWS::KMS::Alias"):
        return True
    return found.resource is subject.resource or subject.resource.type == "AWS::KMS::Alias"
