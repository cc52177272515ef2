"""What the embedded AWS models, operation by operation; everything else it refuses by name."""

from __future__ import annotations

from .cloudformation import CLOUDFORMATION
from .cloudwatch import CLOUDWATCH
from .dynamodb import DYNAMODB, STREAMS
from .functions import LAMBDA
from .identity import IAM, STS
from .kms import KMS
from .logs import LOGS
from .messaging import SNS, SQS
from .s3 import S3
from .values import UNCLASSIFIED, Parameter, Service

__all__ = ["SERVICES", "UNCLASSIFIED", "Parameter", "Service"]

SERVICES: tuple[Service, ...] = (
    CLOUDFORMATION,
    CLOUDWATCH,
    DYNAMODB,
    STREAMS,
    IAM,
    KMS,
    LAMBDA,
    LOGS,
    S3,
    SNS,
    SQS,
    STS,
)
