"""What the stack promises to have when it is deployed: its outputs, its resources, its alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .sides import Side

ALARM_KINDS = ("LambdaErrorAlarm", "LambdaThrottleAlarm", "DynamoDBThrottleAlarm", "ReplicationLatencyAlarm")

SIDE_OUTPUTS = (
    "StackId",
    "StackName",
    "DocumentsBucketName",
    "LambdaFunctionArn",
    "LambdaFunctionName",
    "LambdaRoleArn",
    "LambdaLogGroupName",
    "KMSKeyId",
    "KMSKeyArn",
    "KMSKeyAlias",
    "SNSTopicArn",
    "ReplicationRoleArn",
)
SHARED_OUTPUTS = ("PrimaryRegion", "SecondaryRegion", "EnvironmentSuffix")
TABLE_OUTPUTS = ("TransactionsTableName", "TransactionsTableArn")

SIDE_RESOURCES = (
    "KMSKey",
    "KMSKeyAlias",
    "DocumentsBucket",
    "DocumentsBucketPolicy",
    "ReplicationRole",
    "LambdaExecutionRole",
    "TransactionProcessor",
    "TransactionProcessorLogGroup",
    "SNSTopic",
)
TABLE = "TransactionsTable"


def alarm_outputs(side: str) -> tuple[str, ...]:
    """Return the keys of the outputs that name a side's alarms."""
    return tuple(f"{kind}{side}Name" for kind in ALARM_KINDS)


def outputs_of(side: str) -> frozenset[str]:
    """Return every output key that the stack of a side promises."""
    own = [f"{side}{key}" for key in SIDE_OUTPUTS]
    return frozenset(
        [*own, *alarm_outputs(side), *SHARED_OUTPUTS, *(TABLE_OUTPUTS if side == "Primary" else ())]
    )


def resources_of(side: str) -> frozenset[str]:
    """Return the logical IDs of every resource that the stack of a side promises."""
    own = [f"{side}{part}" for part in SIDE_RESOURCES] + [f"{kind}{side}" for kind in ALARM_KINDS]
    return frozenset([*own, *([TABLE] if side == "Primary" else ())])


def alarm_names(side: Side) -> dict[str, str]:
    """Return the names of a side's alarms by kind."""
    return {kind: side.outputs[f"{kind}{side.name}Name"] for kind in ALARM_KINDS}
