"""Which resource a resolved value means: physical names, ARNs and the regions in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.template import Concatenation, ResourceAttribute, ResourceRef, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

TABLE, GLOBAL_TABLE = "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"
KEY, REPLICA_KEY = "AWS::KMS::Key", "AWS::KMS::ReplicaKey"
BUCKET, FUNCTION, ROLE = "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::IAM::Role"
TOPIC, QUEUE, LOG_GROUP = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::Logs::LogGroup"
ALARM = "AWS::CloudWatch::Alarm"

NAME_PROPERTIES = {
    ALARM: "AlarmName",
    BUCKET: "BucketName",
    FUNCTION: "FunctionName",
    GLOBAL_TABLE: "TableName",
    "AWS::KMS::Alias": "AliasName",
    LOG_GROUP: "LogGroupName",
    QUEUE: "QueueName",
    ROLE: "RoleName",
    TABLE: "TableName",
    TOPIC: "TopicName",
}
"""The property that fixes the physical name."""

_SERVICE_TYPES = {
    "cloudwatch": frozenset({ALARM}),
    "dynamodb": frozenset({TABLE, GLOBAL_TABLE}),
    "iam": frozenset({ROLE}),
    "kms": frozenset({KEY, REPLICA_KEY, "AWS::KMS::Alias"}),
    "lambda": frozenset({FUNCTION}),
    "logs": frozenset({LOG_GROUP}),
    "s3": frozenset({BUCKET}),
    "sns": frozenset({TOPIC}),
    "sqs": frozenset({QUEUE}),
}
_ARN_PREFIXES = ("table/", "function:", "log-group:", "role/", "alarm:")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meant:
    """A resource that a value means, in the stack that holds it."""

    stack: RegionalStack
    resource: EvaluatedResource

    @property
    def words(self) -> str:
        """How a message names it."""
        return f"{self.resource.logical_id} ({self.resource.type}, {self.stack.region})"


def resources_of_type(context: Context, *types: str) -> Iterator[tuple[RegionalStack, EvaluatedResource]]:
    """Yield each resource of these types with its stack; nothing where an unknown macro may change it."""
    for stack in () if context.is_rewritten else context.stacks:
        for resource in stack.of_type(*types):
            yield stack, resource


def physical_name(resource: EvaluatedResource) -> str | None:
    """Return the name that the template fixes; None when it fixes none or only AWS knows it."""
    name = resource.properties.get(NAME_PROPERTIES.get(resource.type, ""))
    return name if isinstance(name, str) else None


def resolve_resource(
    value: object,
    stack: RegionalStack,
    stacks: Iterable[RegionalStack],
    *,
    named: frozenset[str] | None = None,
) -> Meant | None:
    """Return the resource that a reference, a name or an ARN in `stack` means; None when that is not known.

    A name is looked up in the stack itself first, then in those of the other regions; where `named` is
    given, as the name of a resource of these types only.
    """
    first = _first(value)
    if isinstance(first, ResourceRef | ResourceAttribute):
        resource = stack.resources.get(first.logical_id)
        return Meant(stack=stack, resource=resource) if resource else None
    if not isinstance(value, str) or not value:
        return None
    name, region, types = _name_in(value)
    for one in sorted(stacks, key=lambda other: other is not stack):
        for resource in _by_name(one).get(name, ()):
            fits = (types is None or resource.type in types) and (named is None or resource.type in named)
            if fits and (region in {None, "", one.region} or resource.type == GLOBAL_TABLE):
                return Meant(stack=one, resource=resource)
    return None


def _first(value: object) -> object:
    """Return what a value begins with, when the rest is below it, as in ${Bucket.Arn}/*."""
    if not isinstance(value, Concatenation):
        return value
    first, second = value.parts[0], str(value.parts[1])
    return first if second.startswith(("/", ":")) else value


@lru_cache(maxsize=8)
def _by_name(stack: RegionalStack) -> dict[str, list[EvaluatedResource]]:
    found: dict[str, list[EvaluatedResource]] = {}
    for resource in stack.resources.values():
        name = physical_name(resource)
        if name is not None:
            found.setdefault(name, []).append(resource)
    return found


@lru_cache(maxsize=8)
def _by_type(stack: RegionalStack) -> dict[str, list[EvaluatedResource]]:
    found: dict[str, list[EvaluatedResource]] = {}
    for resource in stack.resources.values():
        found.setdefault(resource.type, []).append(resource)
    return found


def typed(stack: RegionalStack, *types: str) -> list[EvaluatedResource]:
    """Return the resources of these types, type by type; for rules that ask once per resource."""
    return [resource for kind in types for resource in _by_type(stack).get(kind, ())]


def region_of(value: object, stack: RegionalStack) -> str | None:
    """Return the region that an ARN or a reference in `stack` points into; None when that is not known."""
    if isinstance(value, ResourceAttribute):
        return stack.region if str(value.attribute).endswith("Arn") else None
    if isinstance(value, ResourceRef):
        resource = stack.resources.get(value.logical_id)
        return stack.region if resource is not None and resource.type == TOPIC else None
    parts = arn_parts(value)
    return parts[3] if parts and parts[3] and "${" not in parts[3] else None


def arn_parts(value: object) -> list[str] | None:
    """Return an ARN's six parts, what only AWS knows in them as `${…}`; None for anything else."""
    parts = str(value).split(":", 5) if isinstance(value, str | Unknown) else []
    return parts if len(parts) == 6 and parts[0] == "arn" else None


def plain(value: Any) -> Any:
    """Return a resolved value as JSON would have it, what only AWS knows as `${LogicalId.Attribute}`."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, Unknown) else value


def known_part(value: Any) -> Any:
    """Return a value with what only AWS knows left out."""
    if isinstance(value, dict):
        return {str(key): known_part(member) for key, member in value.items()}
    if isinstance(value, list):
        return [known_part(member) for member in value]
    if isinstance(value, Concatenation):
        return "".join(part for part in value.parts if isinstance(part, str))
    return "" if isinstance(value, Unknown) else value


def get_nested(value: Any, *steps: str | int) -> Any:
    """Return what stands at a path below a resolved value; None when nothing does or it is not known."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def listed(value: Any) -> list[Any]:
    """Return a list where there may be one value, several or none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def mappings(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """Return the maps of a list with their indexes; anything else is left out."""
    return [(index, one) for index, one in enumerate(listed(value)) if isinstance(one, dict)]


def _name_in(value: str) -> tuple[str, str | None, frozenset[str] | None]:
    """Return the name in a name or ARN, the ARN's region, and the types it may be of (None: any)."""
    parts = arn_parts(value)
    if parts is None:
        return value, None, None
    service, region, name = parts[2], parts[3], parts[5]
    for prefix in _ARN_PREFIXES:
        name = name.removeprefix(prefix)
    if service in {"dynamodb", "s3"}:
        name = name.partition("/")[0]
    elif service in {"lambda", "logs"}:
        name = name.partition(":")[0]
    return name, region, _SERVICE_TYPES.get(service, frozenset())
