"""Which rights an operation needs: one table per service, from operations to IAM actions on ARNs.

S3 stands apart (`s3.py`): its requests are told apart by method and query, not by operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import cloudformation, cloudwatch, dynamodb, identity, kms, lambda_, logs, messaging
from .call import Call, Need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .call import Needs

__all__ = ["SERVICES", "Call", "Need"]

SERVICES: Mapping[str, Mapping[str, Needs]] = {
    "cloudformation": cloudformation.OPERATIONS,
    "cloudwatch": cloudwatch.OPERATIONS,
    "dynamodb": dynamodb.OPERATIONS,
    "iam": identity.IDENTITIES,
    "kms": kms.OPERATIONS,
    "lambda": lambda_.OPERATIONS,
    "logs": logs.OPERATIONS,
    "sns": messaging.TOPICS,
    "sqs": messaging.QUEUES,
    "sts": identity.TOKENS,
}
