"""The services of the embedded AWS: the one list of them, which every other part reads.

They are installed in this order: CloudWatch gives the world its metrics, and CloudFormation reads the
resource types that the others have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cloudformation.declaration import SERVICE as CLOUDFORMATION
from .cloudwatch.declaration import SERVICE as CLOUDWATCH
from .dynamodb.declaration import SERVICE as DYNAMODB
from .dynamodbstreams.declaration import SERVICE as DYNAMODB_STREAMS
from .iam.declaration import SERVICE as IAM
from .kms.declaration import SERVICE as KMS
from .lambda_.declaration import SERVICE as LAMBDA
from .logs.declaration import SERVICE as LOGS
from .s3.declaration import SERVICE as S3
from .sns.declaration import SERVICE as SNS
from .sqs.declaration import SERVICE as SQS
from .ssm.declaration import SERVICE as SSM
from .sts.declaration import SERVICE as STS

if TYPE_CHECKING:
    from .service.declaration import Service

SERVICES: tuple[Service, ...] = (
    IAM,
    STS,
    CLOUDWATCH,
    SNS,
    SQS,
    KMS,
    LOGS,
    DYNAMODB,
    DYNAMODB_STREAMS,
    S3,
    LAMBDA,
    SSM,
    CLOUDFORMATION,
)
