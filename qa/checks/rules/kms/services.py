"""Customer keys that a service must be let use, and keys whose ciphertext must outlive a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.inline_code import read_javascript
from qa.checks.knowledge.kms_use import key_meant
from qa.checks.knowledge.naming import (
    FUNCTION,
    GLOBAL_TABLE,
    KEY,
    LOG_GROUP,
    QUEUE,
    TOPIC,
    get_nested,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.policies import statements
from qa.checks.knowledge.topics import alarm_of
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.policies import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_SOURCE = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html"
_MULTI_REGION = "https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"
_TO_PUBLISH = ("kms:Decrypt", "kms:GenerateDataKey")
_ENCRYPTS = frozenset({"kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"})
_WRITES = frozenset(
    {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:TransactWriteItems"}
)


@rule("key-without-service", severity=Severity.ERROR, source=_SOURCE)
def key_without_service(context: Context) -> Iterator[Fault]:
    """A key whose policy does not let in a service that works with it in its own name.

    CloudWatch Logs (a log group's key), CloudWatch (an alarm that speaks to an encrypted topic) and SNS (a
    topic that feeds an encrypted queue) call KMS as themselves: neither the root statement nor a role's
    rights help them. Logs refuses the log group; alarm messages are dropped without a word. S3 and
    DynamoDB act for anyone who calls them; they are not judged here.
    """
    for stack, key, service, why in _uses(context):
        policy = statements(key.properties.get("KeyPolicy"))
        if policy is not None and not any(_lets_in(one, service) for one in policy):
            yield Fault(
                path=stack.path_of(key.logical_id, "KeyPolicy"),
                region=stack.region,
                message=f"The key does not let {service}.amazonaws.com in, and {why}",
                actual=sorted(
                    {str(name) for one in policy for kind, name in one.principals if kind == "Service"}
                ),
                expected=f"an Allow of {' and '.join(_TO_PUBLISH)} for {service}.amazonaws.com",
                fix=f'add a statement with "Principal": {{"Service": "{_principal(service, stack)}"}}',
            )


@rule("single-region-ciphertext", severity=Severity.WARNING, source=_MULTI_REGION)
def single_region_ciphertext(context: Context) -> Iterator[Fault]:
    """A single-Region key for what a function writes into a global table.

    The table replicates the ciphertext, the key stays behind: when its region is lost, the other holds
    records that nobody can open. A multi-Region key with a replica in the other region opens them. A
    warning, since the template does not show that what is encrypted is what is stored.
    """
    for stack, function in resources_of_type(context, FUNCTION):
        code = get_nested(function.properties, "Code", "ZipFile")
        if not isinstance(code, str):
            continue
        read = read_javascript(code)
        variables = dict(read.handed_over)
        values = {
            parameter: get_nested(function.properties, "Environment", "Variables", name)
            for parameter, name in variables.items()
        }
        table = resolve_resource(values.get("TableName"), stack, context.stacks)
        key = key_meant(values.get("KeyId"), stack)
        if table is None or key is None or not (read.needs & _ENCRYPTS and read.needs & _WRITES):
            continue
        replicas = table.resource.properties.get("Replicas")
        is_replicated = (
            table.resource.type == GLOBAL_TABLE and isinstance(replicas, list) and len(replicas) > 1
        )
        if is_replicated and key.type == KEY and key.properties.get("MultiRegion", False) in (False, "false"):
            yield Fault(
                path=stack.path_of(key.logical_id, "MultiRegion"),
                region=stack.region,
                message=f"{function.logical_id} encrypts with this key and writes to "
                f"{table.resource.logical_id}: without this region nobody can open the replica",
                actual=key.properties.get("MultiRegion"),
                expected="MultiRegion true, and an AWS::KMS::ReplicaKey in the other region",
                fix="make a new multi-Region key (the property cannot be changed) and replicate it",
            )


def _uses(context: Context) -> Iterator[tuple[RegionalStack, EvaluatedResource, str, str]]:
    """Yield (stack, key, service that must be let in, why)."""
    for stack, group in resources_of_type(context, LOG_GROUP):
        key = key_meant(group.properties.get("KmsKeyId"), stack)
        if key:
            yield stack, key, "logs", f"{group.logical_id} is encrypted with it"
    for stack, topic in resources_of_type(context, TOPIC):
        key = key_meant(topic.properties.get("KmsMasterKeyId"), stack)
        alarm = alarm_of(topic, stack) if key else None
        if key and alarm:
            yield stack, key, "cloudwatch", f"{alarm.logical_id} speaks to {topic.logical_id}"
    for stack, subscription in resources_of_type(context, "AWS::SNS::Subscription"):
        queue = resolve_resource(subscription.properties.get("Endpoint"), stack, (stack,))
        if queue and queue.resource.type == QUEUE:
            key = key_meant(queue.resource.properties.get("KmsMasterKeyId"), stack)
            if key:
                yield stack, key, "sns", f"{subscription.logical_id} feeds {queue.resource.logical_id}"


def _lets_in(statement: Statement, service: str) -> bool:
    """Say whether a statement lets a service decrypt; what is not known counts as yes."""
    verdicts = (statement.names_service(service), statement.covers("kms:Decrypt"))
    return statement.allows and False not in verdicts


def _principal(service: str, stack: RegionalStack) -> str:
    return f"logs.{stack.region}.amazonaws.com" if service == "logs" else f"{service}.amazonaws.com"
