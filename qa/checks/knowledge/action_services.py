"""The services that actions of policies name: what stands before the colon in dynamodb:GetItem."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("action_services.txt")
BY_PRODUCT = {
    "apigw": "apigateway",
    "cloudwatchlogs": "logs",
    "cognito": "cognito-idp",
    "ddb": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "msk": "kafka",
    "opensearchservice": "es",
    "parameterstore": "ssm",
    "quicksights": "quicksight",
    "route53-domains": "route53domains",
    "s3api": "s3",
    "secrets-manager": "secretsmanager",
    "stepfunctions": "states",
    "systemsmanager": "ssm",
}
"""A product's own name → the service that its actions name."""


@cache
def action_services() -> frozenset[str]:
    """Return the services that actions may name, in lower case."""
    return frozenset(_LIST.read_text(encoding="utf-8").split())
