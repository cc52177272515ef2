"""KMS keys and the services that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import mappings
from qa.checks.knowledge.policies import Statement, statements
from qa.checks.rule import Fault, rule
from qa.template import ResourceAttribute, ResourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

KEY_TYPES = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
_TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
_GRANT = "kms:CreateGrant"
_SOURCE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html"

_FIX = (
    'add {"Effect": "Allow", "Principal": {"Service": "dynamodb.amazonaws.com"}, "Action": ["kms:Decrypt", '
    '"kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"], "Resource": "*"}'
)


@rule("key-without-dynamodb", severity=Severity.WARNING, source=_SOURCE)
def key_without_dynamodb(context: Context) -> Iterator[Fault]:
    """A key policy that lets services in by name, but not DynamoDB, whose table is encrypted.

    DynamoDB makes a grant on the key of a table (kms:CreateGrant) and works through it, for a global
    table in each region. Looked at are the keys that a table of the stack names, and the multi-Region
    keys and replica keys of the regions of a KMS-encrypted global table that names none. A key policy
    that names no service at all leaves the rights to IAM and is not judged.
    """
    for stack in context.stacks:
        for key in stack.of_type(*KEY_TYPES):
            policy = statements(key.properties.get("KeyPolicy"))
            table = _table_of(key, stack) or _replicated_table(key, stack, context)
            if policy is None or table is None or not _lets_services_in(policy):
                continue
            if any(_admits(statement) is not False for statement in policy):
                continue
            names = [each for each in policy if each.names_service("dynamodb")]
            yield Fault(
                region=stack.region,
                path=stack.path_of(key.logical_id, "KeyPolicy"),
                message=f"the key policy of {key.logical_id} does not let DynamoDB make grants, and {table} "
                "is encrypted",
                actual=f"services: {', '.join(_services(policy))}" + (f" without {_GRANT}" if names else ""),
                expected=f"an Allow for dynamodb.amazonaws.com with {_GRANT}",
                fix=_FIX,
            )


def _table_of(key: EvaluatedResource, stack: RegionalStack) -> str | None:
    """Return the table that uses a key; None if there is none."""
    mine = (ResourceRef(key.logical_id), ResourceAttribute(key.logical_id, "Arn"))
    for table in stack.of_type(*_TABLES):
        specifications = list(_specifications(table.properties))
        named = [each["KMSMasterKeyId"] for each in specifications if "KMSMasterKeyId" in each]
        if any(name in mine for name in named):
            return table.logical_id
        by_kms = any(each.get("SSEType") == "KMS" for each in specifications)
        is_pair = table.type == "AWS::DynamoDB::GlobalTable" and key.properties.get("MultiRegion") is True
        if by_kms and not named and is_pair:
            return table.logical_id
    return None


def _replicated_table(key: EvaluatedResource, stack: RegionalStack, context: Context) -> str | None:
    """Return the KMS-encrypted global table, of another region's stack, that replicates to a replica key."""
    for other in context.stacks if key.type == "AWS::KMS::ReplicaKey" else ():
        for table in other.of_type("AWS::DynamoDB::GlobalTable") if other is not stack else ():
            specifications = list(_specifications(table.properties))
            named = any("KMSMasterKeyId" in each for each in specifications)
            regions = [one.get("Region") for _, one in mappings(table.properties.get("Replicas"))]
            by_kms = any(each.get("SSEType") == "KMS" for each in specifications)
            if stack.region in regions and by_kms and not named:
                return table.logical_id
    return None


def _specifications(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    replicas = properties.get("Replicas")
    for holder in (properties, *(replicas if isinstance(replicas, list) else ())):
        specification = holder.get("SSESpecification") if isinstance(holder, dict) else None
        if isinstance(specification, dict):
            yield specification


def _lets_services_in(policy: tuple[Statement, ...]) -> bool:
    return any(statement.allows and _services((statement,)) for statement in policy)


def _services(policy: tuple[Statement, ...]) -> list[str]:
    names = [str(name) for each in policy for kind, name in each.principals if kind == "Service"]
    return list(dict.fromkeys(names))


def _admits(statement: Statement) -> bool | None:
    if not statement.allows:
        return False
    verdicts = (statement.names_service("dynamodb"), statement.covers(_GRANT))
    return False if False in verdicts else None if None in verdicts else True
