"""What the rules for two regions know of AWS, and that none of them is without a fault that it finds."""

from __future__ import annotations

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from qa.checks import RULES
from qa.checks.knowledge.inline_code import exports, read_javascript
from qa.checks.knowledge.managed_policies import managed_policies
from qa.checks.knowledge.metrics import METRICS, dimension_sets
from qa.checks.knowledge.naming import arn_parts
from qa.checks.knowledge.policies import matches
from qa.checks.knowledge.python_code import read_python
from tests.harness.checks.rules.cloudwatch import test_alarms, test_composites, test_evaluation
from tests.harness.checks.rules.dynamodb import test_global_tables, test_replicas, test_tables
from tests.harness.checks.rules.iam import (
    test_actions,
    test_openness,
    test_policy_size,
    test_roles,
    test_use_of_rights,
)
from tests.harness.checks.rules.kms import test_callers, test_keys, test_services
from tests.harness.checks.rules.lambda_ import test_code, test_logs, test_permissions, test_variables
from tests.harness.checks.rules.route53 import test_failover
from tests.harness.checks.rules.s3 import test_buckets, test_policies, test_replication
from tests.harness.checks.rules.sns_sqs import test_deliveries
from tests.harness.checks.rules.template import (
    test_arns,
    test_declarations,
    test_limits,
    test_names,
    test_values,
)

GROUPS = (
    test_actions,
    test_evaluation,
    test_alarms,
    test_arns,
    test_buckets,
    test_callers,
    test_composites,
    test_declarations,
    test_deliveries,
    test_failover,
    test_code,
    test_keys,
    test_limits,
    test_logs,
    test_names,
    test_openness,
    test_permissions,
    test_policies,
    test_replicas,
    test_replication,
    test_roles,
    test_services,
    test_policy_size,
    test_tables,
    test_global_tables,
    test_use_of_rights,
    test_values,
    test_variables,
)
MODULES = {group.__name__.replace("tests.harness", "qa").replace(".test_", ".") for group in GROUPS}


def test_every_rule_for_two_regions_finds_a_seeded_fault() -> None:
    rules = {rule.id for rule in RULES if rule.look.__module__ in MODULES}
    found = {one.rule for group in GROUPS for _, findings in group.SEEDS.values() for one in findings}

    assert found == rules


def test_the_managed_policies_are_those_that_moto_knows() -> None:
    known = json.loads(aws_managed_policies_data)

    assert managed_policies() == {one.get("Path", "/")[1:] + name for name, one in known.items()}


def test_the_dimensions_that_are_mostly_taken_wrong() -> None:
    assert dimension_sets("AWS/DynamoDB", "UserErrors") == frozenset({frozenset()})
    assert dimension_sets("AWS/DynamoDB", "SystemErrors") == frozenset(
        {frozenset({"TableName", "Operation"})}
    )
    assert dimension_sets("AWS/DynamoDB", "ReplicationLatency") == frozenset(
        {frozenset({"TableName", "ReceivingRegion"})}
    )


def test_what_is_not_in_the_catalogue_is_not_judged() -> None:
    assert dimension_sets("AWS/Lambda", "PolledEventCount") is None
    assert dimension_sets("AWS/Lambda", "NoSuchMetric") is None
    assert dimension_sets("Shop", "Carts") is None
    assert set(METRICS) == {"AWS/DynamoDB", "AWS/Lambda", "AWS/S3", "AWS/SNS", "AWS/SQS"}


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("kms:*", True),
        ("*", True),
        ("KMS:generatedatakey", True),
        ("kms:GenerateData???", True),
        ("kms:Generate", False),
        ("kms:[G]enerateDataKey", False),
        ("*" * 200 + "x", False),
    ],
    ids=["service", "all", "case", "question marks", "prefix", "brackets are letters", "many stars"],
)
def test_patterns_of_policies_cover_actions(pattern: str, covered: object) -> None:
    assert matches(pattern, "kms:GenerateDataKey") is covered


def test_calls_are_read_with_the_package_they_come_from() -> None:
    code = """
    const { PutItemCommand, Nothing } = require('@aws-sdk/client-dynamodb');
    import { PutCommand } from "@aws-sdk/lib-dynamodb";
    const { PutObjectCommand } = require('./mine');
    // new GetItemCommand()
    await a(new PutItemCommand({ TableName: process.env.TABLE }));
    await b(new PutCommand({ TableName: process.env['OTHER'] }));
    await c(new PutObjectCommand({ Bucket: process.env.BUCKET ?? 'spare' }));
    """

    read = read_javascript(code)

    assert read.needs == {"dynamodb:PutItem"}
    assert read.handed_over == (("TableName", "TABLE"), ("TableName", "OTHER"))


def test_variables_are_followed_through_constants() -> None:
    code = """
    const TABLE = process.env.TABLE_NAME;
    const { BUCKET, KEY: key, QUEUE = 'spare' } = process.env;
    const TOPIC = process.env.TOPIC_ARN || 'spare';
    f({ TableName: TABLE }, { Bucket: BUCKET }, { KeyId: key }, { QueueUrl: QUEUE }, { TopicArn: TOPIC });
    g({ FunctionName: TABLE.concat('x') });
    """

    assert read_javascript(code).handed_over == (
        ("TableName", "TABLE_NAME"),
        ("Bucket", "BUCKET"),
        ("KeyId", "KEY"),
    )


def test_calls_of_boto3_are_read_where_clients_are_bound_once() -> None:
    code = """
import os
import boto3

TABLE = os.environ["TABLE_NAME"]
s3 = boto3.client("s3", region_name=os.environ["AWS_REGION"])
orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
either = boto3.client("sqs")
either = boto3.client("sns")

def handler(event, context):
    boto3.client("dynamodb").put_item(TableName=TABLE, Item={})
    s3.put_object(Bucket=os.getenv("BUCKET"), Key="a", Body=b"")
    s3.list_buckets()
    orders.update_item(Key={})
    either.publish(TopicArn=os.environ["TOPIC"])
    event.get_object(Bucket=os.environ["OTHER"])
"""

    read = read_python(code)

    assert read.needs == {"dynamodb:PutItem", "dynamodb:UpdateItem", "s3:PutObject"}
    assert read.handed_over == (("TableName", "TABLE_NAME"), ("Bucket", "BUCKET"), ("TableName", "ORDERS"))


@pytest.mark.parametrize(
    "code",
    [
        "import boto3\nboto3.client('s3', aws_access_key_id='a').put_object(Bucket='b')",
        "import boto3\nboto3.Session().client('s3').put_object(Bucket='b')",
        "import boto3\nboto3.client(service).put_object(Bucket='b')",
        "import boto3\nfor s3 in (boto3.client('s3'),): s3.put_object(Bucket='b')",
        "import boto3 as aws\naws.client('s3').put_object(Bucket='b')",
        "import boto3\ndef broken(:",
        "import boto3\n" + "(" * 3000,
        "import boto3\n'\\d'",
    ],
    ids=["a key", "a session", "a name", "a loop", "an alias", "no Python", "too deep", "a warning"],
)
def test_what_python_does_not_say_plainly_is_no_need(code: str) -> None:
    assert read_python(code).needs == frozenset()


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("exports.handler = f", True),
        ("module.exports['handler'] = f", True),
        ("exports.main = handler", False),
        ("const handler = 1", False),
        ("module.exports = { handler }", None),
        ("module.exports = require('./app')", None),
        ("export const handler = f", None),
        ("module.exports = { main }", False),
    ],
)
def test_an_export_is_there_or_not_or_cannot_be_told(code: str, verdict: object) -> None:
    assert exports(code, "handler", runtime="nodejs22.x") is verdict


def test_python_handlers_are_defined_or_imported() -> None:
    assert exports("def handler(event, context): ...", "handler", runtime="python3.13") is True
    assert exports("from app import handler", "handler", runtime="python3.13") is True
    assert exports("def main(event, context): ...", "handler", runtime="python3.13") is False
    assert exports("anything", "handler", runtime="java21") is None


def test_an_arn_has_six_parts() -> None:
    assert arn_parts("arn:aws:logs:us-east-1:1:log-group:/a:*") == [
        "arn",
        "aws",
        "logs",
        "us-east-1",
        "1",
        "log-group:/a:*",
    ]
    assert arn_parts("arn:aws:s3") is None
    assert arn_parts(7) is None
