"""`qa verify`: a template, its regions, no configuration and no code; a red that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from .trial import HERE, THERE

if TYPE_CHECKING:
    from pathlib import Path

QA = "import sys; from qa.cli import main; sys.exit(main())"
HANDLER = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
exports.handler = async (event) => {
  const item = { id: { S: event.id } };
  await new DynamoDBClient({}).send(new PutItemCommand({ TableName: 'orders', Item: item }));
  return 'stored';
};
"""
RIGHT = {
    "Effect": "Allow",
    "Action": "dynamodb:PutItem",
    "Resource": {"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"},
}
LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def template(*statements: dict[str, Any]) -> str:
    """Return a stack of a table in two regions and a function, whose role may do this."""
    policy = {"PolicyName": "work", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    return json.dumps(
        {
            "Conditions": {"First": {"Fn::Equals": [{"Ref": "AWS::Region"}, HERE]}},
            "Resources": {
                "OrdersTable": {
                    "Type": "AWS::DynamoDB::GlobalTable",
                    "Condition": "First",
                    "Properties": {
                        "TableName": "orders",
                        "BillingMode": "PAY_PER_REQUEST",
                        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                        "Replicas": [
                            {
                                "Region": region,
                                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                            }
                            for region in (HERE, THERE)
                        ],
                    },
                },
                "Role": {
                    "Type": "AWS::IAM::Role",
                    "Properties": {
                        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
                        "Policies": [policy],
                    },
                },
                "ApiFunction": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "Runtime": "nodejs22.x",
                        "Handler": "index.handler",
                        "Timeout": 10,
                        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                        "Code": {"ZipFile": HANDLER},
                    },
                },
            },
        }
    )


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `qa verify` on the template, as a person would."""
    return subprocess.run(
        [sys.executable, "-c", QA, "verify", "orders.json", "--regions", HERE, THERE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def test_a_template_without_any_configuration_is_deployed_and_checked(tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text(template(RIGHT, LOGS))
    (tmp_path / "order.json").write_text('{"id": "{qa}"}')

    ran = verify(tmp_path, "--event", "ApiFunction=order.json", "--write", "tests/test_orders.py")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"9 checks derived from orders.json in {HERE}, {THERE}:" in ran.stdout
    assert "  Role (AWS::IAM::Role): its settings are compared by regions_match" in ran.stdout
    assert "9 passed" in ran.stdout
    written = (tmp_path / "tests" / "test_orders.py").read_text()
    assert written == (tmp_path / ".qa" / "verify" / "tests" / "test_verify.py").read_text()


def test_a_right_that_is_taken_away_is_red_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text(template(LOGS))
    (tmp_path / "order.json").write_text('{"id": "{qa}"}')

    ran = verify(tmp_path, "--event", "ApiFunction=order.json")

    assert ran.returncode == 1
    assert "is not authorized to perform: dynamodb:PutItem" in ran.stdout
    assert "Look at its rights, variables and package." in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--event", "ApiFunction"], "--event 'ApiFunction' is not of the form FUNCTION=FILE"),
        (["--event", "ApiFunction=none.json"], "the file cannot be read as JSON"),
        (["--event", "Other=order.json"], "the template has no resource 'Other' in any region."),
        (["--parameter", "Stage=x"], "the template has no parameter 'Stage'"),
        (["--write", "order.json"], "order.json is there already; name another file, or remove it."),
    ],
)
def test_what_cannot_be_verified_is_refused_before_anything_begins(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "orders.json").write_text(template(RIGHT, LOGS))
    (tmp_path / "order.json").write_text('{"id": "{qa}"}')

    ran = verify(tmp_path, *arguments)

    assert (ran.returncode, (tmp_path / ".qa").exists()) == (2, False)
    assert words in ran.stderr
