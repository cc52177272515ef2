"""Who may take on a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.world import Caller, Question

from .refusals import refusal
from .serving import TRUST_LAMBDA, Keys, document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"


def assume(aws: Served, role: str, keys: Keys | None = None, **arguments: object) -> str:
    client = aws.client("sts") if keys is None else aws.client("sts", keys)
    answer = client.assume_role(RoleArn=role, RoleSessionName="test", **arguments)
    return str(answer["AssumedRoleUser"]["Arn"])


def test_a_role_that_trusts_a_service_is_taken_on_by_nobody_else(aws: Served) -> None:
    role = aws.role("processor", trusts=TRUST_LAMBDA)

    assert refusal(lambda: assume(aws, role)) == (
        403,
        "AccessDenied",
        (
            f"User: arn:aws:iam::{ACCOUNT}:user/administrator is not authorized to perform: sts:AssumeRole "
            f"on resource: {role} because no resource-based policy allows the sts:AssumeRole action"
        ),
    )


def test_a_role_that_trusts_the_account_needs_a_right_of_the_caller(aws: Served) -> None:
    role = aws.role("worker")
    with_right, without = aws.user("ada", statement("sts:AssumeRole", role)), aws.user("eve")

    assert assume(aws, role, with_right) == f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/test"
    assert refusal(lambda: assume(aws, role, without))[1] == "AccessDenied"


def test_a_role_that_trusts_a_user_needs_no_right_of_it(aws: Served) -> None:
    ada = aws.user("ada")
    role = aws.role("worker", trusts={"AWS": f"arn:aws:iam::{ACCOUNT}:user/ada"})

    assert assume(aws, role, ada) == f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/test"


def test_a_role_that_is_not_there_is_not_taken_on(aws: Served) -> None:
    assert refusal(lambda: assume(aws, f"arn:aws:iam::{ACCOUNT}:role/nobody"))[1] == "AccessDenied"


def test_a_session_policy_is_refused_by_name(aws: Served) -> None:
    role = aws.role("worker")

    assert refusal(lambda: assume(aws, role, Policy="{}")) == (
        501,
        "NotImplemented",
        "the embedded AWS does not model Policy of AssumeRole",
    )


def test_a_session_is_no_longer_than_its_role_allows(aws: Served) -> None:
    role = aws.role("worker")

    assert refusal(lambda: assume(aws, role, DurationSeconds=7200)) == (
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )


def test_a_permissions_boundary_limits_a_session(aws: Served) -> None:
    keys = aws.session("worker", statement("dynamodb:*"))
    limit = aws.client("iam").create_policy(
        PolicyName="limit", PolicyDocument=document(statement("dynamodb:DescribeTable"))
    )["Policy"]["Arn"]
    aws.client("iam").put_role_permissions_boundary(RoleName="worker", PermissionsBoundary=limit)

    reported = refusal(aws.client("dynamodb", keys).list_tables)

    assert reported[2].endswith("because no permissions boundary allows the dynamodb:ListTables action")


def test_a_service_may_take_on_the_role_that_trusts_it(aws: Served) -> None:
    role = aws.role("processor", trusts=TRUST_LAMBDA)

    decisions = [
        aws.world.authorizer.decide(
            Question(
                caller=Caller(service=service), action="sts:AssumeRole", resource=role, region="us-east-1"
            )
        ).allowed
        for service in ("lambda.amazonaws.com", "s3.amazonaws.com")
    ]

    assert decisions == [True, False]
