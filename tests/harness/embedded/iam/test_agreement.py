"""Simulator and request path are of one mind, whatever the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .serving import document

if TYPE_CHECKING:
    from .serving import Keys, Served

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
TABLES = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table"
LEADING = "dynamodb:LeadingKeys"
CONTEXT = {LEADING: ["qa-1"], "aws:SecureTransport": ["true"]}

actions = st.sampled_from(["dynamodb:*", "dynamodb:GetItem", "dynamodb:get*", "dynamodb:Put*", "s3:*", "*"])
resources = st.sampled_from(["*", f"{TABLES}/orders", f"{TABLES}/o*", f"{TABLES}/other", "arn:aws:s3:::*"])
conditions = st.sampled_from(
    [
        {},
        {"ForAllValues:StringLike": {LEADING: "qa-*"}},
        {"ForAnyValue:StringNotEquals": {LEADING: "qa-1"}},
        {"Bool": {"aws:SecureTransport": "false"}},
        {"BoolIfExists": {"aws:SecureTransport": "true"}},
        {"Null": {"kms:ViaService": "true"}},
        {"StringNotEquals": {"kms:ViaService": "s3"}},
        {"StringEquals": {"kms:ViaService": "s3"}},
    ]
)
statements = st.builds(
    lambda effect, action_key, action, resource_key, resource, condition: {
        "Effect": effect,
        action_key: action,
        resource_key: resource,
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.sampled_from(["Action", "Action", "NotAction"]),
    actions,
    st.sampled_from(["Resource", "Resource", "NotResource"]),
    resources,
    conditions,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policy=st.lists(statements, min_size=1, max_size=3), table=st.sampled_from(["orders", "other"]))
def test_what_is_simulated_is_what_happens(aws: Served, policy: list[dict[str, Any]], table: str) -> None:
    aws.forget()
    keys = aws.session("worker", *policy)

    assert requested(aws, keys, table) == (simulated(aws, table) == "allowed"), document(*policy)


def requested(aws: Served, keys: Keys, table: str) -> bool:
    """Say whether a session may get an item."""
    try:
        aws.client("dynamodb").create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        aws.client("dynamodb", keys).get_item(TableName=table, Key={"id": {"S": "qa-1"}})
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return False
    return True


def simulated(aws: Served, table: str) -> str:
    answer = aws.client("iam").simulate_principal_policy(
        PolicySourceArn=ROLE,
        ActionNames=["dynamodb:GetItem"],
        ResourceArns=[f"{TABLES}/{table}"],
        ContextEntries=[
            {
                "ContextKeyName": key,
                "ContextKeyValues": values,
                "ContextKeyType": "stringList" if key == LEADING else "string",
            }
            for key, values in CONTEXT.items()
        ],
    )
    return str(answer["EvaluationResults"][0]["EvalDecision"])
