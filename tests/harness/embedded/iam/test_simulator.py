"""The policy simulator of IAM: identity policies by default, in AWS's shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .refusals import refusal
from .serving import document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
ORDERS = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
OTHER = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/other"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/7"
THROUGH_S3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def simulated(aws: Served, source: str, action: str, resource: str, **arguments: Any) -> dict[str, Any]:
    """Return the one result of simulating an action of a principal on a resource."""
    answer = aws.client("iam").simulate_principal_policy(
        PolicySourceArn=source, ActionNames=[action], ResourceArns=[resource], **arguments
    )
    (result,) = answer["EvaluationResults"]
    return dict(result)


def test_a_result_has_the_shape_of_aws(aws: Served) -> None:
    role = aws.role("worker", statement("dynamodb:PutItem", ORDERS))
    matched = [{"SourcePolicyId": "role_worker_own", "SourcePolicyType": "IAM Policy"}]

    assert simulated(aws, role, "dynamodb:PutItem", ORDERS) == {
        "EvalActionName": "dynamodb:PutItem",
        "EvalResourceName": ORDERS,
        "EvalDecision": "allowed",
        "MatchedStatements": matched,
        "MissingContextValues": [],
        "ResourceSpecificResults": [
            {
                "EvalResourceName": ORDERS,
                "EvalResourceDecision": "allowed",
                "MatchedStatements": matched,
                "MissingContextValues": [],
            }
        ],
    }


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("dynamodb:PutItem", ORDERS, "allowed"),
        ("dynamodb:PutItem", OTHER, "implicitDeny"),
        ("dynamodb:PutItem", "*", "implicitDeny"),
        ("dynamodb:GetItem", ORDERS, "implicitDeny"),
        ("dynamodb:DeleteTable", ORDERS, "explicitDeny"),
    ],
    ids=["its own", "another resource", "no resource", "another action", "forbidden"],
)
def test_a_decision_follows_the_policies_of_the_role(
    action: str, resource: str, expected: str, aws: Served
) -> None:
    role = aws.role(
        "worker",
        statement(["dynamodb:PutItem", "dynamodb:DeleteTable"], ORDERS),
        statement("dynamodb:Delete*", Effect="Deny"),
    )

    assert simulated(aws, role, action, resource)["EvalDecision"] == expected


def test_a_missing_condition_key_is_named_and_denies(aws: Served) -> None:
    role = aws.role("worker", statement("kms:Decrypt", KEY, Condition=THROUGH_S3))
    entry = {
        "ContextKeyName": "kms:ViaService",
        "ContextKeyValues": ["s3.us-east-1.amazonaws.com"],
        "ContextKeyType": "string",
    }

    without = simulated(aws, role, "kms:Decrypt", KEY)
    with_it = simulated(aws, role, "kms:Decrypt", KEY, ContextEntries=[entry])

    assert (without["EvalDecision"], without["MissingContextValues"]) == ("implicitDeny", ["kms:ViaService"])
    assert (with_it["EvalDecision"], with_it["MissingContextValues"]) == ("allowed", [])


def test_the_policy_of_the_resource_has_no_say_unless_it_is_given(aws: Served) -> None:
    role = aws.role("worker", statement("s3:GetObject", "arn:aws:s3:::docs/*"))
    aws.client("s3").create_bucket(Bucket="docs")
    denial = document(statement("s3:*", "arn:aws:s3:::docs/*", Effect="Deny", Principal="*"))
    aws.client("s3").put_bucket_policy(Bucket="docs", Policy=denial)
    given = {"ResourcePolicy": denial, "CallerArn": f"arn:aws:iam::{ACCOUNT}:user/ada"}

    decisions = [
        simulated(aws, role, "s3:GetObject", "arn:aws:s3:::docs/a", **each)["EvalDecision"]
        for each in ({}, given)
    ]

    assert decisions == ["allowed", "explicitDeny"]


def test_a_resource_policy_needs_a_caller(aws: Served) -> None:
    role = aws.role("worker")

    reported = refusal(
        lambda: simulated(
            aws, role, "s3:GetObject", "*", ResourcePolicy=document(statement("s3:*", Principal="*"))
        )
    )

    assert reported == (400, "InvalidInput", "CallerArn is required when ResourcePolicy is given.")


def test_several_resources_are_told_apart(aws: Served) -> None:
    role = aws.role("worker", statement("dynamodb:PutItem", ORDERS))

    (result,) = aws.client("iam").simulate_principal_policy(
        PolicySourceArn=role, ActionNames=["dynamodb:PutItem"], ResourceArns=[ORDERS, OTHER]
    )["EvaluationResults"]

    assert {
        each["EvalResourceName"]: each["EvalResourceDecision"] for each in result["ResourceSpecificResults"]
    } == {ORDERS: "allowed", OTHER: "implicitDeny"}


def test_a_permissions_boundary_has_its_say(aws: Served) -> None:
    role = aws.role("worker", statement("dynamodb:*"))
    limit = aws.client("iam").create_policy(
        PolicyName="limit", PolicyDocument=document(statement("dynamodb:GetItem"))
    )["Policy"]["Arn"]
    aws.client("iam").put_role_permissions_boundary(RoleName="worker", PermissionsBoundary=limit)

    result = simulated(aws, role, "dynamodb:PutItem", ORDERS)

    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_custom_policy_is_simulated_alone(aws: Served) -> None:
    answer = aws.client("iam").simulate_custom_policy(
        PolicyInputList=[document(statement("s3:Get*"))], ActionNames=["s3:GetObject", "s3:PutObject"]
    )

    assert {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]} == {
        "s3:GetObject": "allowed",
        "s3:PutObject": "implicitDeny",
    }


def test_the_context_keys_of_a_principal_are_told(aws: Served) -> None:
    role = aws.role("worker", statement("kms:Decrypt", KEY, Condition=THROUGH_S3))
    bounded = document(statement("s3:*", "arn:aws:s3:::docs/${aws:username}"))

    answer = aws.client("iam").get_context_keys_for_principal_policy(
        PolicySourceArn=role, PolicyInputList=[bounded]
    )

    assert answer["ContextKeyNames"] == ["aws:username", "kms:ViaService"]


def test_a_principal_that_is_not_there_is_told_so(aws: Served) -> None:
    nobody = f"arn:aws:iam::{ACCOUNT}:role/nobody"

    assert refusal(lambda: simulated(aws, nobody, "s3:GetObject", "*")) == (
        404,
        "NoSuchEntity",
        f"The entity with ARN {nobody} cannot be found.",
    )


def test_an_unknown_operator_is_refused_by_name(aws: Served) -> None:
    strange = document(statement("s3:*", Condition={"StringMatches": {"aws:username": "a"}}))

    response = refusal(
        lambda: aws.client("iam").simulate_custom_policy(
            PolicyInputList=[strange], ActionNames=["s3:GetObject"]
        )
    )

    assert response == (
        400,
        "InvalidInput",
        "the embedded AWS does not model the condition operator 'StringMatches'",
    )
