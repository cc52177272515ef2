"""Names where ARNs are meant, and imports across regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.harness.checks.rules.design import (
    ERRORS,
    FUNCTION,
    RIGHTS,
    WEST,
    checked,
    finding,
    put,
    together,
)

if TYPE_CHECKING:
    from qa.checks import Finding
    from tests.unit.mutations.change import Change

ROLE_NAME = {"Ref": "PrimaryLambdaExecutionRole"}
BUCKET_NAME = {"Ref": "PrimaryDocumentsBucket"}
TOPIC = {"Fn::Sub": "topic-${EnvironmentSuffix}"}

SEEDS: dict[str, tuple[Change, tuple[Finding, ...]]] = {
    "a table's name in a policy": (
        put(f"{RIGHTS}/0/Resource", {"Ref": "TransactionsTable"}),
        (
            finding(
                "name-for-arn",
                (
                    "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/0/Re"
                    "source"
                ),
                message="Ref of TransactionsTable gives its name; an ARN is taken here",
                actual="${TransactionsTable}",
                expected="${TransactionsTable.Arn}",
                fix='write {"Fn::GetAtt": ["TransactionsTable", "Arn"]}',
            ),
        ),
    ),
    "a bucket's name before a path": (
        put(f"{RIGHTS}/1/Resource", {"Fn::Sub": "${PrimaryDocumentsBucket}/transactions/*"}),
        (
            finding(
                "name-for-arn",
                (
                    "Resources/PrimaryLambdaExecutionRole/Properties/Policies/0/PolicyDocument/Statement/1/Re"
                    "source"
                ),
                message="Ref of PrimaryDocumentsBucket gives its name; an ARN is taken here",
                actual="${PrimaryDocumentsBucket}/transactions/*",
                expected="${PrimaryDocumentsBucket.Arn}",
                fix='write {"Fn::GetAtt": ["PrimaryDocumentsBucket", "Arn"]}',
            ),
        ),
    ),
    "a role's name for a function": (
        put(f"{FUNCTION}/Role", ROLE_NAME),
        (
            finding(
                "name-for-arn",
                "Resources/PrimaryTransactionProcessor/Properties/Role",
                message="Ref of PrimaryLambdaExecutionRole gives its name; an ARN is taken here",
                actual="${PrimaryLambdaExecutionRole}",
                expected="${PrimaryLambdaExecutionRole.Arn}",
                fix='write {"Fn::GetAtt": ["PrimaryLambdaExecutionRole", "Arn"]}',
            ),
        ),
    ),
    "a function's name as an action": (
        put(f"{ERRORS}/AlarmActions/0", {"Ref": "PrimaryTransactionProcessor"}),
        (
            finding(
                "name-for-arn",
                "Resources/LambdaErrorAlarmPrimary/Properties/AlarmActions/0",
                message="Ref of PrimaryTransactionProcessor gives its name; an ARN is taken here",
                actual="${PrimaryTransactionProcessor}",
                expected="${PrimaryTransactionProcessor.Arn}",
                fix='write {"Fn::GetAtt": ["PrimaryTransactionProcessor", "Arn"]}',
            ),
        ),
    ),
    "a name that is put out as an ARN": (
        put("Outputs/PrimaryLambdaFunctionArn/Value", {"Ref": "PrimaryTransactionProcessor"}),
        (
            finding(
                "output-sort",
                "Outputs/PrimaryLambdaFunctionArn/Value",
                region=None,
                message=(
                    "The output is called PrimaryLambdaFunctionArn and gives the name of "
                    "PrimaryTransactionProcessor"
                ),
                actual={"Ref": "PrimaryTransactionProcessor"},
                expected="an ARN",
                fix=(
                    'write {"Fn::GetAtt": ["PrimaryTransactionProcessor", "Arn"]}, or call the '
                    "output by what it gives"
                ),
            ),
        ),
    ),
    "an export of the other region": (
        together(
            put("Outputs/PrimarySNSTopicArn/Export", {"Name": TOPIC}),
            put("Resources/LambdaErrorAlarmSecondary/Properties/AlarmActions/0", {"Fn::ImportValue": TOPIC}),
        ),
        (
            finding(
                "import-from-other-region",
                "Resources/LambdaErrorAlarmSecondary/Properties/AlarmActions/0/Fn::ImportValue",
                region=WEST,
                message=(
                    "The output PrimarySNSTopicArn exports this in us-east-1; the stack of "
                    "us-west-2 cannot import it"
                ),
                actual={"Fn::Sub": "topic-${EnvironmentSuffix}"},
                expected="an export of another stack in the same region",
                fix="hand the value over as a parameter",
            ),
        ),
    ),
}
"""A fault in a few words → the change that makes it, and all that is found then."""
LEFT_ALONE = {
    "a topic's Ref is its ARN": put(f"{ERRORS}/AlarmActions", [{"Ref": "PrimarySNSTopic"}]),
    "an export of another stack": put(f"{ERRORS}/AlarmActions/0", {"Fn::ImportValue": TOPIC}),
    "an output that is called by what it is": put(
        "Outputs/Name", {"Value": BUCKET_NAME, "Condition": "IsPrimary"}
    ),
}


@pytest.mark.parametrize(("change", "expected"), SEEDS.values(), ids=SEEDS)
def test_the_fault_is_found_and_nothing_else(change: Change, expected: tuple[Finding, ...]) -> None:
    assert checked(change) == expected


@pytest.mark.parametrize("change", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_may_be_right_is_left_alone(change: Change) -> None:
    assert checked(change) == ()
