"""Whether a statement applies to a request: yes, no, or not known.

What is not known is None. An Allow that may apply counts as one that does; a Deny only when it surely does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.checks.knowledge.naming import (
    BUCKET,
    FUNCTION,
    GLOBAL_TABLE,
    KEY,
    LOG_GROUP,
    QUEUE,
    REPLICA_KEY,
    TABLE,
    TOPIC,
    listed,
    physical_name,
)
from qa.checks.knowledge.policies import matches
from qa.template import Concatenation, ResourceAttribute, ResourceRef, Unknown, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa.checks.knowledge.rights import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_ACCOUNT = "123456789012"
_ARNS = {
    BUCKET: "arn:{partition}:s3:::{name}",
    FUNCTION: "arn:{partition}:lambda:{region}:{account}:function:{name}",
    GLOBAL_TABLE: "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    KEY: "arn:{partition}:kms:{region}:{account}:key/{name}",
    LOG_GROUP: "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
    QUEUE: "arn:{partition}:sqs:{region}:{account}:{name}",
    REPLICA_KEY: "arn:{partition}:kms:{region}:{account}:key/{name}",
    TABLE: "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    TOPIC: "arn:{partition}:sns:{region}:{account}:{name}",
}
_TOKEN = re.compile(r"\$\{[^{}]*\}")
_WILD = re.compile(r"[*?]")
ABSENT = ""
"""The value of a condition key that the request does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call, as far as a template shows."""

    action: str
    resource: str
    """An ARN, as `arn_of` and `text_of` write it."""
    keys: Mapping[str, str]
    """Condition keys in lower case; ABSENT where it is known that there is none."""


def arn_of(resource: EvaluatedResource, stack: RegionalStack) -> str:
    """Return a resource's ARN, with `${LogicalId}` for a name that only AWS knows."""
    name = physical_name(resource)
    known = name if name is not None else f"${{{resource.logical_id}}}"
    if resource.type not in _ARNS:
        return f"${{{resource.logical_id}.Arn}}"
    partition = partition_of(stack.region)
    return _ARNS[resource.type].format(name=known, partition=partition, region=stack.region, account=_ACCOUNT)


def text_of(value: object, stack: RegionalStack) -> str | None:
    """Return a value as text, references to the stack's resources written out; None for no text."""
    parts = value.parts if isinstance(value, Concatenation) else (value,)
    texts = [_part(one, stack) for one in parts]
    return None if None in texts else "".join(map(str, texts))


def _part(value: object, stack: RegionalStack) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, ResourceRef | ResourceAttribute) and value.logical_id in stack.resources:
        resource = stack.resources[value.logical_id]
        if isinstance(value, ResourceAttribute):
            return arn_of(resource, stack) if value.attribute == "Arn" else str(value)
        return arn_of(resource, stack) if resource.type == TOPIC else physical_name(resource) or str(value)
    return str(value) if isinstance(value, Unknown) else None


def is_like(pattern: str, text: str) -> bool | None:
    """Say whether a pattern with * and ? matches a text, of which `${…}` is not known."""
    if matches(pattern, text):
        return True
    if not _TOKEN.search(pattern + text):
        return False
    mine, theirs = pattern.split(":", 5), text.split(":", 5)
    if len(mine) == len(theirs) == len(("arn", "partition", "service", "region", "account", "name")):
        pairs = list(zip(mine, theirs, strict=True))
        if any(not _TOKEN.search(a + b) and not matches(a, b) for a, b in pairs[:5]):
            return False
        return False if _are_two_names(*pairs[5]) else None
    return None


def _are_two_names(one: str, other: str) -> bool:
    """Say whether two names are of two resources of the stack, e.g. "key/${A}" and "key/${B}"."""
    tokens = (_TOKEN.findall(one), _TOKEN.findall(other))
    if any(len(found) != 1 or not re.fullmatch(r"\$\{\w+\}", found[0]) for found in tokens):
        return False
    return _TOKEN.sub("", one) == _TOKEN.sub("", other) and tokens[0] != tokens[1]


def applies(statement: Statement, request: Request, stack: RegionalStack) -> bool | None:
    """Say whether an identity policy's statement is about a request."""
    return _all(
        (
            _names(statement, request.action),
            reaches(statement.resources, request.resource, stack),
            holds(statement.conditions, request.keys, stack),
        )
    )


def reaches(resources: Iterable[object], expected: str, stack: RegionalStack) -> bool | None:
    """Say whether one of a statement's resources is the one expected; part of its objects: not known."""
    verdicts: list[bool | None] = []
    for value in resources:
        text = text_of(value, stack)
        verdicts.append(None if text is None else _reaches(text, expected))
    return _any(verdicts)


def _reaches(pattern: str, expected: str) -> bool | None:
    verdict = is_like(pattern, expected)
    holder, slash, _ = pattern.partition("/")
    is_part = expected.endswith("/*") and slash and matches(holder, expected.removesuffix("/*"))
    return None if verdict is False and is_part else verdict


def holds(conditions: Mapping[str, Any], keys: Mapping[str, str], stack: RegionalStack) -> bool | None:
    """Say whether all conditions of a statement hold for a request."""
    verdicts: list[bool | None] = []
    for operator, members in conditions.items():
        if not isinstance(members, dict):
            return None
        for key, expected in members.items():
            have = keys.get(key.lower())
            verdicts.append(None if have is None else _compared(operator, have, listed(expected), stack))
    return _all(verdicts)


def _compared(operator: str, have: str, expected: list[object], stack: RegionalStack) -> bool | None:
    name, if_exists = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    if name == "Null":
        values = {str(one).lower() for one in expected}
        return ("true" in values) is (have is ABSENT) if len(values) == 1 else None
    is_negative = name.startswith(("StringNot", "ArnNot"))
    if name.replace("Not", "") not in {"StringEquals", "StringLike", "ArnEquals", "ArnLike", "Bool"}:
        return None
    if have is ABSENT:
        return is_negative or if_exists
    verdicts: list[bool | None] = []
    for one in expected:
        text = str(one).lower() if isinstance(one, bool) else text_of(one, stack)
        verdicts.append(None if text is None else _equals(name, text, have))
    found = _any(verdicts)
    return None if found is None else found is not is_negative


def _equals(operator: str, expected: str, have: str) -> bool | None:
    is_pattern = operator.startswith(("StringLike", "StringNotLike", "Arn"))
    if is_pattern:
        return _reaches(expected, have)
    return False if _WILD.search(expected) else is_like(expected, have)  # there a star is a letter


def _names(statement: Statement, action: str) -> bool | None:
    if statement.names(action):
        return None if statement.is_by_exception else True
    return False if statement.is_readable else None


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    return False if False in found else None if None in found else True


def _any(verdicts: Iterable[bool | None]) -> bool | None:
    found = list(verdicts)
    return True if True in found else None if None in found else False
