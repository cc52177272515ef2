"""What IAM, KMS, S3, SNS, SQS and Lambda take at most: policies and variables."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    FUNCTION,
    KEY,
    REPLICA_KEY,
    ROLE,
    get_nested,
    listed,
    mappings,
    resources_of_type,
)
from qa.checks.knowledge.rights import policies_of
from qa.checks.rule import Fault, rule
from qa.template import Concatenation, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/"
_VARIABLES = f"{_LAMBDA}configuration-envvars.html"
_USER, _GROUP = "AWS::IAM::User", "AWS::IAM::Group"
_INLINE = {ROLE: 10_240, _USER: 2_048, _GROUP: 5_120}
"""Characters of all inline policies together; white space does not count."""
_DOCUMENTS = {
    KEY: ("KeyPolicy", 32_768),
    REPLICA_KEY: ("KeyPolicy", 32_768),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", 6_144),
    "AWS::S3::BucketPolicy": ("PolicyDocument", 20_480),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", 30_720),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", 8_192),
}
_TRUST_DEFAULT, _TRUST_MOST = 2_048, 4_096
_ATTACHED_DEFAULT = 10
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


@rule("policy-size", severity=Severity.ERROR, source=_IAM)
def policy_size(context: Context) -> Iterator[Fault]:
    """A policy that is longer than its service takes.

    All inline policies of a role together 10,240 characters, of a user 2,048, of a group 5,120; a managed
    policy 6,144 (white space not counted). A bucket policy 20 KB, a key policy 32 KB, a topic policy
    30 KB, a queue policy 8 KB. A trust policy 2,048 characters, up to 4,096 on request: a warning in
    between, and so are more than 10 managed policies. What only AWS knows is counted as nothing, so that
    the policy is as long at least.
    """
    for stack, holder in resources_of_type(context, *_INLINE, *_DOCUMENTS):
        yield from _inline(holder, stack)
        key, most = _DOCUMENTS.get(holder.type, ("AssumeRolePolicyDocument", _TRUST_DEFAULT))
        size = _least_size(holder.properties.get(key))
        if size > most:
            is_adjustable = holder.type == ROLE and size <= _TRUST_MOST
            yield _oversize(stack, holder, (key,), size=size, most=most, is_adjustable=is_adjustable)
        attached = len(listed(holder.properties.get("ManagedPolicyArns")))
        if attached > _ATTACHED_DEFAULT:
            yield Fault(
                path=stack.path_of(holder.logical_id, "ManagedPolicyArns"),
                region=stack.region,
                severity=Severity.WARNING,
                message=f"{attached} managed policies are attached; an account's quota is 10 at first",
                found=attached,
                wanted="at most 10, or a raised quota",
                fix="join policies, or have the quota raised",
            )


def _inline(holder: EvaluatedResource, stack: RegionalStack) -> Iterator[Fault]:
    if holder.type == ROLE:
        documents = [document for _, _, document in policies_of(holder, stack)]
    else:
        documents = [one.get("PolicyDocument") for _, one in mappings(holder.properties.get("Policies"))]
    size, most = sum(map(_least_size, documents)), _INLINE.get(holder.type)
    if most is not None and size > most:
        yield _oversize(stack, holder, ("Policies",), size=size, most=most)


def _oversize(
    stack: RegionalStack,
    holder: EvaluatedResource,
    path: Path,
    *,
    size: int,
    most: int,
    is_adjustable: bool = False,
) -> Fault:
    return Fault(
        path=stack.path_of(holder.logical_id, *path),
        region=stack.region,
        severity=Severity.WARNING if is_adjustable else None,
        message=f"{path[0]} has {size:,} characters at least; {most:,} are taken",
        found=size,
        wanted=f"at most {most:,} characters",
        fix="use wildcards and lists, or several managed policies",
    )


def _least_size(document: object) -> int:
    """Return how many characters a document has at least, white space not counted."""
    if not isinstance(document, dict):
        return 0
    text = json.dumps(_known(document), ensure_ascii=False, separators=(",", ":"), default=str)
    return len(re.sub(r"\s", "", text))


def _known(value: Any) -> Any:
    """Return a value with what only AWS knows left out."""
    if isinstance(value, dict):
        return {str(key): _known(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_known(member) for member in value]
    if isinstance(value, Concatenation):
        return "".join(part for part in value.parts if isinstance(part, str))
    return "" if isinstance(value, Unknown) else value


@rule("function-variables", severity=Severity.ERROR, source=_VARIABLES)
def function_variables(context: Context) -> Iterator[Fault]:
    """Environment variables of a function that are longer together than Lambda takes.

    All of them have at most 4 KB, names and values counted. What only AWS knows is counted as nothing.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        variables = get_nested(function.properties, "Environment", "Variables")
        size = _bytes(_known(variables)) if isinstance(variables, dict) else 0
        if size > _VARIABLE_BYTES:
            yield Fault(
                path=stack.path_of(function.logical_id, "Environment", "Variables"),
                region=stack.region,
                message=f"The variables have {size:,} bytes at least; Lambda takes {_VARIABLE_BYTES:,}",
                found=size,
                wanted=f"at most {_VARIABLE_BYTES:,} bytes",
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
                found=name,
                wanted="names that Lambda does not reserve",
                fix=f"remove {name}, or give it a name of your own",
            )
