"""A topic or queue under a KMS key is used by those who may use the key, while it can be used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from qa.wait import until
from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import ACCOUNT_ROOT, TRUST_LAMBDA, document, statement
from tests.harness.embedded.lambda_.functions import zipped

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:listener"
SNS = {"Service": "sns.amazonaws.com"}
MESSAGES = statement(["sns:*", "sqs:*"])


def new_key(account: Served, *statements: dict[str, Any]) -> str:
    root = statement("kms:*", Principal=ACCOUNT_ROOT)
    response = account.client("kms").create_key(Policy=document(root, *statements))["KeyMetadata"]
    return str(response["Arn"])


def new_queue(account: Served, **attributes: str) -> str:
    policy = document(statement("sqs:SendMessage", QUEUE_ARN, Principal=SNS))
    made = account.client("sqs").create_queue(
        QueueName="listener", Attributes={"Policy": policy, **attributes}
    )
    return str(made["QueueUrl"])


def test_a_message_to_a_queue_under_a_key_needs_the_key(account: Served) -> None:
    key = new_key(account)
    url = new_queue(account, KmsMasterKeyId=key)
    without = account.client("sqs", account.session("without", MESSAGES))
    sender = account.client(
        "sqs", account.session("sender", MESSAGES, statement(["kms:Decrypt", "kms:GenerateDataKey"]))
    )

    sender.send_message(QueueUrl=url, MessageBody="ring")

    response = [
        refusal(lambda: without.send_message(QueueUrl=url, MessageBody="ring"))[1],
        refusal(lambda: without.receive_message(QueueUrl=url))[1],
    ]
    assert response == ["KmsAccessDenied"] * 2
    assert [each["Body"] for each in sender.receive_message(QueueUrl=url)["Messages"]] == ["ring"]


def test_a_topic_under_a_key_needs_the_key(account: Served) -> None:
    key = new_key(account)
    topic = account.client("sns").create_topic(Name="alerts", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    without = account.client("sns", account.session("without", MESSAGES))

    assert refusal(lambda: without.publish(TopicArn=topic, Message="ring"))[1] == "KMSAccessDenied"
    assert account.client("sns").publish(TopicArn=topic, Message="ring")["MessageId"]


@pytest.mark.parametrize(
    ("operation", "queue_code", "topic_code"),
    [
        ("disable_key", "KmsDisabled", "KMSDisabled"),
        ("schedule_key_deletion", "KmsInvalidState", "KMSInvalidState"),
    ],
)
def test_a_key_that_cannot_be_used_stops_topic_and_queue(
    operation: str, queue_code: str, topic_code: str, account: Served
) -> None:
    key = new_key(account)
    url = new_queue(account, KmsMasterKeyId=key)
    topic = account.client("sns").create_topic(Name="alerts", Attributes={"KmsMasterKeyId": key})["TopicArn"]

    getattr(account.client("kms"), operation)(KeyId=key)

    response = (
        refusal(lambda: account.client("sqs").send_message(QueueUrl=url, MessageBody="ring"))[1],
        refusal(lambda: account.client("sns").publish(TopicArn=topic, Message="ring"))[1],
    )
    assert response == (queue_code, topic_code)


@pytest.mark.parametrize(
    ("allows", "heard"),
    [
        ((), []),
        ((statement(["kms:Decrypt", "kms:GenerateDataKey"], Principal=SNS),), ["ring"]),
    ],
    ids=["the key keeps SNS out", "the key lets SNS in"],
)
def test_a_topic_reaches_a_queue_whose_key_lets_it_in(
    allows: tuple[dict[str, Any], ...], heard: list[str], account: Served
) -> None:
    url = new_queue(account, KmsMasterKeyId=new_key(account, *allows))
    topic = account.client("sns").create_topic(Name="alerts")["TopicArn"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE_ARN)

    account.client("sns").publish(TopicArn=topic, Message="ring")

    found = account.client("sqs").receive_message(QueueUrl=url).get("Messages", ())
    assert [json.loads(each["Body"])["Message"] for each in found] == heard


def test_a_topic_invokes_a_function_only_by_its_policy(account: Served) -> None:
    role = account.role("worker", statement("logs:*"), trusts=TRUST_LAMBDA)
    client = account.client("lambda")
    arn = client.create_function(
        FunctionName="listener",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": zipped({"index.js": "exports.handler = async () => console.log('heard');"})},
    )["FunctionArn"]
    topic = account.client("sns").create_topic(Name="alerts")["TopicArn"]
    account.client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    account.client("sns").publish(TopicArn=topic, Message="unheard")
    other = f"{topic}-other"
    permission = {"Action": "lambda:InvokeFunction", "Principal": SNS["Service"], "FunctionName": "listener"}
    client.add_permission(**permission, StatementId="other", SourceArn=other)
    account.client("sns").publish(TopicArn=topic, Message="unheard, too")
    client.add_permission(**permission, StatementId="own", SourceArn=topic)

    account.client("sns").publish(TopicArn=topic, Message="heard")

    logs = account.client("logs")
    found = until(lambda: _heard(logs), accept=bool, what="the function's log", within=20.0)
    assert found == ["heard"]


def _heard(logs: Any) -> list[str]:
    groups = logs.describe_log_groups()["logGroups"]
    if not groups:
        return []
    events = logs.filter_log_events(logGroupName="/aws/lambda/listener", filterPattern="heard")["events"]
    return [each["message"].split("\t")[-1].strip() for each in events]
