"""The project's design as the good template, faults seeded in it, and the findings they must give."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qa.checks import Finding, Severity, check
from qa.template import parse_template
from tests.harness.checks.findings import finding
from tests.unit.mutations.change import add, drop, put, replace, together

if TYPE_CHECKING:
    from tests.unit.mutations.change import Change

EAST, WEST = "us-east-1", "us-west-2"
TODAY = date(2026, 11, 23)
DESIGN = Path(__file__).resolve().parents[4] / "lib" / "TapStack.json"

TABLE = "Resources/TransactionsTable"
REPLICAS = f"{TABLE}/Properties/Replicas"
BUCKET = "Resources/PrimaryDocumentsBucket/Properties"
REPLICATION = f"{BUCKET}/ReplicationConfiguration/Fn::If/1/Rules/0"
FUNCTION = "Resources/PrimaryTransactionProcessor/Properties"
CODE = f"{FUNCTION}/Code/ZipFile"
VARIABLES = f"{FUNCTION}/Environment/Variables"
RIGHTS = "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement"
ERRORS = "Resources/LambdaErrorAlarmPrimary/Properties"
LATENCY = "Resources/ReplicationLatencyAlarmPrimary/Properties"
METRIC = "Resources/DynamoDBThrottleAlarmPrimary/Properties/Metrics/0/MetricStat/Metric"

OWN_KEY = together(
    put(f"{REPLICAS}/0/SSESpecification", {"KMSMasterKeyId": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]}}),
    add(
        RIGHTS,
        {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": {"Fn::GetAtt": ["PrimaryKMSKey", "Arn"]},
            "Condition": {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}},
        },
    ),
)
"""The table's replica in East has the stack's key, and East's processor may use it through DynamoDB."""


def short(text: str) -> str:
    """Return a template without white space: what is put in does not make it too long."""
    return json.dumps(json.loads(text), separators=(",", ":"))


__all__ = ["Severity", "add", "checked", "drop", "finding", "put", "replace", "together"]


def checked(change: Change) -> tuple[Finding, ...]:
    """Return everything that all rules find in the changed design, deployed to both regions."""
    template = parse_template(change(_design()), source="template.json")
    return check(template, regions=(EAST, WEST), today=TODAY)


@cache
def _design() -> str:
    return DESIGN.read_text(encoding="utf-8")
