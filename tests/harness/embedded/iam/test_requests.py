"""Which right each operation needs, told by its refusal to a session without any."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from .refusals import refusal
from .serving import Keys, document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:processor"
GROUP = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox"
QUEUE_URL = f"http://127.0.0.1/{ACCOUNT}/inbox"
ALARM = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm"
KEY = {"id": {"S": "1"}}
REFUSED = re.compile(r'to perform: "?([\w:]+)"? on resource: "?(\S+?)"? because')
CASES: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("dynamodb", "get_item", {"TableName": "orders", "Key": KEY}, "dynamodb:GetItem", TABLE),
    ("dynamodb", "get_item", {"TableName": TABLE, "Key": KEY}, "dynamodb:GetItem", TABLE),
    (
        "dynamodb",
        "query",
        {"TableName": "orders", "IndexName": "byDate", "KeyConditionExpression": "id = :id"},
        "dynamodb:Query",
        f"{TABLE}/index/byDate",
    ),
    (
        "dynamodb",
        "batch_write_item",
        {"RequestItems": {"orders": [{"PutRequest": {"Item": KEY}}]}},
        "dynamodb:BatchWriteItem",
        TABLE,
    ),
    (
        "dynamodb",
        "batch_get_item",
        {"RequestItems": {"orders": {"Keys": [KEY]}}},
        "dynamodb:BatchGetItem",
        TABLE,
    ),
    (
        "dynamodb",
        "transact_write_items",
        {"TransactItems": [{"Delete": {"TableName": "orders", "Key": KEY}}]},
        "dynamodb:DeleteItem",
        TABLE,
    ),
    ("dynamodb", "delete_table", {"TableName": "orders"}, "dynamodb:DeleteTable", TABLE),
    ("dynamodb", "list_tables", {}, "dynamodb:ListTables", "*"),
    ("lambda", "invoke", {"FunctionName": "processor"}, "lambda:InvokeFunction", FUNCTION),
    ("lambda", "invoke", {"FunctionName": FUNCTION, "Payload": b"{}"}, "lambda:InvokeFunction", FUNCTION),
    (
        "lambda",
        "invoke",
        {"FunctionName": "processor", "Qualifier": "7"},
        "lambda:InvokeFunction",
        f"{FUNCTION}:7",
    ),
    (
        "lambda",
        "get_function_configuration",
        {"FunctionName": "processor"},
        "lambda:GetFunctionConfiguration",
        FUNCTION,
    ),
    (
        "lambda",
        "get_function_concurrency",
        {"FunctionName": "processor"},
        "lambda:GetFunctionConcurrency",
        FUNCTION,
    ),
    ("lambda", "list_functions", {}, "lambda:ListFunctions", "*"),
    ("logs", "describe_log_groups", {}, "logs:DescribeLogGroups", f"{GROUP}::log-stream:"),
    ("logs", "create_log_group", {"logGroupName": "/qa"}, "logs:CreateLogGroup", f"{GROUP}:/qa:log-stream:"),
    (
        "logs",
        "put_log_events",
        {"logGroupName": "/qa", "logStreamName": "one", "logEvents": [{"timestamp": 1, "message": "x"}]},
        "logs:PutLogEvents",
        f"{GROUP}:/qa:log-stream:one",
    ),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, "sns:Publish", TOPIC),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE}, "sns:Subscribe", TOPIC),
    ("sns", "unsubscribe", {"SubscriptionArn": f"{TOPIC}:8d6c"}, "sns:Unsubscribe", TOPIC),
    ("sqs", "receive_message", {"QueueUrl": QUEUE_URL}, "sqs:ReceiveMessage", QUEUE),
    (
        "sqs",
        "delete_message_batch",
        {"QueueUrl": QUEUE_URL, "Entries": [{"Id": "a", "ReceiptHandle": "b"}]},
        "sqs:DeleteMessage",
        QUEUE,
    ),
    ("cloudwatch", "describe_alarms", {}, "cloudwatch:DescribeAlarms", f"{ALARM}:*"),
    (
        "cloudwatch",
        "set_alarm_state",
        {"AlarmName": "errors", "StateValue": "OK", "StateReason": "qa"},
        "cloudwatch:SetAlarmState",
        f"{ALARM}:errors",
    ),
    ("cloudwatch", "put_metric_data", {"Namespace": "qa", "MetricData": []}, "cloudwatch:PutMetricData", "*"),
    ("iam", "get_role", {"RoleName": "worker"}, "iam:GetRole", ROLE),
    (
        "iam",
        "create_user",
        {"UserName": "eve", "Path": "/qa/"},
        "iam:CreateUser",
        f"arn:aws:iam::{ACCOUNT}:user/qa/eve",
    ),
    (
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": ROLE, "ActionNames": ["s3:GetObject"]},
        "iam:SimulatePrincipalPolicy",
        ROLE,
    ),
    (
        "cloudformation",
        "describe_stacks",
        {"StackName": "tap"},
        "cloudformation:DescribeStacks",
        f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/tap/*",
    ),
    ("kms", "create_key", {}, "kms:CreateKey", "*"),
    ("kms", "list_aliases", {}, "kms:ListAliases", "*"),
    ("s3", "list_buckets", {}, "s3:ListAllMyBuckets", "*"),
    ("s3", "create_bucket", {"Bucket": "docs"}, "s3:CreateBucket", "arn:aws:s3:::docs"),
]


@pytest.fixture
def nobody_special(aws: Served) -> Keys:
    return aws.session("worker")


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "action", "resource"),
    CASES,
    ids=[f"{number}-{case[0]}-{case[1]}" for number, case in enumerate(CASES)],
)
def test_an_operation_needs_its_right(  # the five parts of a case
    service: str,
    operation: str,
    arguments: dict[str, Any],
    action: str,
    resource: str,
    aws: Served,
    nobody_special: Keys,
) -> None:
    _, code, words = refusal(lambda: getattr(aws.client(service, nobody_special), operation)(**arguments))

    assert code in ("AccessDeniedException", "AccessDenied", "AuthorizationError")
    assert REFUSED.findall(words) == [(action, resource)]


def test_the_refusal_is_in_the_words_of_aws(aws: Served, nobody_special: Keys) -> None:
    response = refusal(lambda: aws.client("dynamodb", nobody_special).describe_table(TableName="orders"))

    assert response == (
        400,
        "AccessDeniedException",
        (
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/worker/test is not authorized to perform: "
            f"dynamodb:DescribeTable on resource: {TABLE} "
            "because no identity-based policy allows the dynamodb:DescribeTable action"
        ),
    )


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("cloudformation", "detect_stack_drift", {"StackName": "tap"}),
        ("dynamodb", "execute_statement", {"Statement": "SELECT * FROM orders"}),
        ("route53", "list_hosted_zones", {}),
        ("ssm", "list_documents", {}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_an_operation_that_is_not_mapped_is_refused_by_name(
    service: str, operation: str, arguments: dict[str, Any], aws: Served, nobody_special: Keys
) -> None:
    status, code, words = refusal(
        lambda: getattr(aws.client(service, nobody_special), operation)(**arguments)
    )

    api = "".join(part.title() for part in operation.split("_"))
    assert (status, code) == (501, "NotImplemented")
    assert words == f"the embedded AWS does not model authorization of {service}:{api}"


def test_a_right_on_one_table_is_none_on_another(aws: Served) -> None:
    keys = aws.session("worker", statement("dynamodb:putitem", TABLE))
    for name in ("orders", "other"):
        aws.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    aws.client("dynamodb", keys).put_item(TableName="orders", Item=KEY)

    assert refusal(lambda: aws.client("dynamodb", keys).put_item(TableName="other", Item=KEY))[:2] == (
        400,
        "AccessDeniedException",
    )


def test_a_condition_on_the_partition_key_is_held_against_item_and_query(aws: Served) -> None:
    only_qa = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "qa-*"}}
    keys = aws.session("worker", statement(["dynamodb:GetItem", "dynamodb:Query"], TABLE, Condition=only_qa))
    aws.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client = aws.client("dynamodb", keys)

    def get(value: str) -> None:
        client.get_item(TableName="orders", Key={"id": {"S": value}})

    def query(value: str) -> None:
        client.query(
            TableName="orders",
            KeyConditionExpression="#key = :id",
            ExpressionAttributeNames={"#key": "id"},
            ExpressionAttributeValues={":id": {"S": value}},
        )

    get("qa-1")
    query("qa-1")
    assert [refusal(lambda: get("7"))[1], refusal(lambda: query("7"))[1]] == ["AccessDeniedException"] * 2


def test_handing_a_role_to_a_function_needs_the_right_to_pass_it(aws: Served) -> None:
    keys = aws.session("worker", statement("lambda:CreateFunction"))
    client = aws.client("lambda", keys)

    response = refusal(
        lambda: client.create_function(
            FunctionName="processor",
            Role=ROLE,
            Runtime="nodejs22.x",
            Handler="index.handler",
            Code={"ZipFile": b""},
        )
    )

    assert REFUSED.findall(response[2]) == [("iam:PassRole", ROLE)]


def test_a_condition_key_that_is_not_modelled_is_refused_by_name(aws: Served) -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "qa"}}
    keys = aws.session("worker", statement("dynamodb:ListTables", Condition=tagged))

    assert refusal(aws.client("dynamodb", keys).list_tables) == (
        501,
        "NotImplemented",
        "the embedded AWS does not model the condition key 'aws:ResourceTag/team'",
    )


def test_a_user_has_the_rights_of_its_groups_and_managed_policies(aws: Served) -> None:
    keys = aws.user("ada")
    admin = aws.client("iam")
    admin.create_group(GroupName="readers")
    admin.add_user_to_group(GroupName="readers", UserName="ada")
    listed = statement("dynamodb:ListTables")
    made = admin.create_policy(PolicyName="lists", PolicyDocument=document(listed))["Policy"]["Arn"]
    admin.attach_group_policy(GroupName="readers", PolicyArn=made)

    allowed = aws.client("dynamodb", keys).list_tables()["TableNames"]
    admin.create_policy_version(
        PolicyArn=made, PolicyDocument=document({**listed, "Effect": "Deny"}), SetAsDefault=True
    )

    assert allowed == []
    assert refusal(aws.client("dynamodb", keys).list_tables)[2].endswith(
        "on resource: * with an explicit deny in an identity-based policy"
    )


def test_the_administrator_needs_no_policy(aws: Served) -> None:
    assert aws.client("dynamodb").list_tables()["TableNames"] == []
