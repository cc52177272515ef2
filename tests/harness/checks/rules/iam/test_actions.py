"""Actions whose service does not exist."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from qa.checks.knowledge.action_services import BY_PRODUCT, action_services
from tests.harness.checks.rules.design import RIGHTS, add, checked, finding
from tests.harness.checks.small import body, found, resource

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a misspelt service among the rights of a function": (
        add(RIGHTS, {"Effect": "Allow", "Action": ["dyanmodb:PutItem"], "Resource": "arn:aws:logs:::a"}),
        (
            finding(
                "rights-without-service",
                "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/5/Action/0",
                message="There is no service 'dyanmodb' in IAM: this action never applies",
                actual="dyanmodb:PutItem",
                expected="the prefix of a service in AWS's list",
                fix="did you mean dynamodb?",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize(
    ("action", "fix"),
    [
        ("stepfunctions:StartExecution", "did you mean states?"),
        ("eventbridge:PutEvents", "did you mean events?"),
        ("clodwatch:PutMetricData", "did you mean cloudwatch?"),
        ("zzz:Do", "look the prefix up in AWS's list"),
    ],
)
@pytest.mark.parametrize("key", ["Action", "NotAction"])
def test_service_that_does_not_exist_is_found_in_every_policy(action: str, fix: str, key: str) -> None:
    policy = {"Statement": {"Effect": "Deny", key: action, "Resource": "*"}}
    template = body({"It": resource("AWS::SQS::QueuePolicy", Queues=[], PolicyDocument=policy)})

    assert [one.fix for one in found("rights-without-service", template)] == [fix]


@pytest.mark.parametrize("action", ["*", "S3:GetObject", "s3*:Get*", "states:*", "execute-api:Invoke"])
def test_service_that_exists_or_may_is_left_alone(action: str) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Action": [action], "Resource": "*"}]}
    template = body({"It": resource("AWS::IAM::ManagedPolicy", PolicyDocument=policy)})

    assert found("rights-without-service", template) == ()


def test_services_are_those_that_cfn_lint_knows() -> None:
    known = json.loads(files("cfnlint").joinpath("data/AdditionalSpecs/Policies.json").read_text())

    assert action_services() == set(known)
    assert action_services().issuperset(BY_PRODUCT.values())
    assert action_services().isdisjoint(BY_PRODUCT)
