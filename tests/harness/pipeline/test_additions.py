"""Rights beyond the 31: what a sweep without a ledger needs, and what a red check's report fetches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from qa.errors import QaError
from qa.stack.sweep import sweep_leftovers

from .callers import policy, rights, set_policy, user, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.project import Deployment, Project

EAST = "us-east-1"
SWEEPING = ("cloudwatch:ListAlarmMuteRules", "sqs:ListQueues", "dynamodb:Scan")
FETCHES: dict[str, Callable[[Clients, Outputs], object]] = {
    "cloudformation:DescribeStackEvents": lambda clients, outputs: clients.cloudformation(
        EAST
    ).describe_stack_events(StackName=outputs["PrimaryStackName"]),
    "logs:FilterLogEvents": lambda clients, outputs: clients.logs(EAST).filter_log_events(
        logGroupName=outputs["PrimaryLambdaLogGroupName"]
    ),
    "sns:GetTopicAttributes": lambda clients, outputs: clients.sns(EAST).get_topic_attributes(
        TopicArn=outputs["PrimarySNSTopicArn"]
    ),
    "iam:GetRolePolicy": lambda clients, outputs: clients.iam(EAST).get_role_policy(
        RoleName=role_of(outputs), PolicyName="process-transactions"
    ),
    "iam:ListRolePolicies": lambda clients, outputs: clients.iam(EAST).list_role_policies(
        RoleName=role_of(outputs)
    ),
}


def role_of(outputs: Outputs) -> str:
    return str(outputs["PrimaryLambdaRoleArn"]).rpartition("/")[2]


def together(project: Project, *names: str) -> dict[str, Any]:
    """Return several documented policies as one; their statement IDs tell of which they are."""
    statements = [
        {**statement, "Sid": f"{name}{statement['Sid']}"}
        for name in names
        for statement in policy(name, project.regions)["Statement"]
    ]
    return {"Version": "2012-10-17", "Statement": statements}


@pytest.fixture(scope="session")
def sweeper(admin: Clients, project: Project) -> Clients:
    return user(admin, "sweeper", together(project, "runner", "sweeper"), region=EAST)


@pytest.fixture(scope="session")
def reporter(admin: Clients, project: Project) -> Clients:
    return user(admin, "reporter", policy("evidence", project.regions), region=EAST)


def sweep(clients: Clients, project: Project, deployment: Deployment) -> None:
    report = sweep_leftovers(clients, deployment, project.document_prefixes, only="qa-00000000")
    assert report.failed == ()


def test_a_sweep_without_a_ledger_works_under_the_runners_and_the_sweepers_policy(
    sweeper: Clients, project: Project, deployment: Deployment, outputs: Outputs
) -> None:
    sweep(sweeper, project, deployment)


@pytest.mark.parametrize("action", SWEEPING)
def test_a_sweep_cannot_do_without_this_right(
    sweeper: Clients, admin: Clients, project: Project, deployment: Deployment, outputs: Outputs, action: str
) -> None:
    whole = together(project, "runner", "sweeper")
    sid = next(sid for sid, each in rights(whole) if each == action)
    set_policy(admin, "sweeper", without(whole, sid, action), region=EAST)
    try:
        with pytest.raises(QaError, match=r"AccessDenied|not authorized"):
            sweep(sweeper, project, deployment)
    finally:
        set_policy(admin, "sweeper", whole, region=EAST)


@pytest.mark.parametrize("action", FETCHES)
def test_the_evidence_of_a_red_check_can_be_fetched_with_this_right_and_not_without(
    reporter: Clients, admin: Clients, project: Project, outputs: Outputs, action: str
) -> None:
    whole = policy("evidence", project.regions)
    FETCHES[action](reporter, outputs)
    sid = next(sid for sid, each in rights(whole) if each == action)
    set_policy(admin, "reporter", without(whole, sid, action), region=EAST)
    try:
        with pytest.raises(ClientError, match=r"AccessDenied|AuthorizationError"):
            FETCHES[action](reporter, outputs)
    finally:
        set_policy(admin, "reporter", whole, region=EAST)


def test_no_addition_holds_a_right_that_nothing_here_needs(project: Project) -> None:
    reported = {
        name: {action for _, action in rights(policy(name, project.regions))}
        for name in ("sweeper", "evidence")
    }

    assert reported == {"sweeper": set(SWEEPING), "evidence": set(FETCHES)}
