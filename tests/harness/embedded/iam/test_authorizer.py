"""What the services of the embedded AWS ask the judge."""

from __future__ import annotations

import io
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from qa.embedded.world import Caller, Decision, Question

from .serving import document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
CLOUDWATCH = Caller(service="cloudwatch.amazonaws.com")
SNS = Caller(service="sns.amazonaws.com")


def test_the_caller_of_a_role_is_a_session_of_it(aws: Served) -> None:
    caller = aws.world.authorizer.role_caller(f"arn:aws:iam::{ACCOUNT}:role/qa/worker", "run-1")

    assert caller == Caller(
        arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/run-1",
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/qa/worker",
    )


def test_nobody_calls_on_a_thread_that_serves_no_request(aws: Served) -> None:
    with pytest.raises(RuntimeError) as refused:
        aws.world.authorizer.current()

    assert str(refused.value) == (
        "this thread serves no request, so nobody is calling: "
        "wrap internal work in `with world.authorizer.acting_as(caller):`"
    )


def test_inner_work_acts_as_its_caller_on_its_own_thread_alone(aws: Served) -> None:
    judge, elsewhere = aws.world.authorizer, []

    def look() -> None:
        with pytest.raises(RuntimeError):
            judge.current()
        elsewhere.append("nobody")

    with judge.acting_as(CLOUDWATCH):
        with judge.acting_as(SNS):
            inner = judge.current()
        outer = judge.current()
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert (inner, outer, elsewhere) == (SNS, CLOUDWATCH, ["nobody"])


def test_a_new_topic_lets_alarms_of_its_account_publish(aws: Served) -> None:
    topic = aws.client("sns").create_topic(Name="alerts")["TopicArn"]
    question = Question(caller=CLOUDWATCH, action="sns:Publish", resource=topic, region="us-east-1")

    assert aws.world.authorizer.decide(question) == Decision(allowed=True)


def test_a_new_topic_does_not_let_every_session_publish(aws: Served) -> None:
    aws.role("worker")
    topic = aws.client("sns").create_topic(Name="alerts")["TopicArn"]
    caller = aws.world.authorizer.role_caller(f"arn:aws:iam::{ACCOUNT}:role/worker", "one")
    question = Question(caller=caller, action="sns:Publish", resource=topic, region="us-east-1")

    assert aws.world.authorizer.decide(question) == Decision(
        allowed=False, reason="because no identity-based policy allows the sns:Publish action"
    )


@pytest.mark.parametrize(("topic", "expected"), [("alerts", True), ("others", False)])
def test_a_queue_lets_in_the_topic_that_its_policy_names(topic: str, expected: bool, aws: Served) -> None:  # noqa: FBT001
    queue_arn, topic_arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox", f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"
    allowed = statement(
        "sqs:SendMessage",
        queue_arn,
        Principal={"Service": "sns.amazonaws.com"},
        Condition={"ArnEquals": {"aws:SourceArn": topic_arn}},
    )
    aws.client("sqs").create_queue(QueueName="inbox", Attributes={"Policy": document(allowed)})
    question = Question(
        caller=SNS,
        action="sqs:SendMessage",
        resource=queue_arn,
        region="us-east-1",
        context={"aws:SourceArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:{topic}"},
    )

    assert aws.world.authorizer.decide(question).allowed is expected


def test_a_right_through_a_service_holds_when_the_service_asks(aws: Served) -> None:
    through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    key = aws.client("kms").create_key(
        Policy=document(statement("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    )["KeyMetadata"]["Arn"]
    role = aws.role("worker", statement("kms:GenerateDataKey", key, Condition=through))
    caller = aws.world.authorizer.role_caller(role, "one")

    decisions = [
        aws.world.authorizer.decide(
            Question(
                caller=caller, action="kms:GenerateDataKey", resource=key, region="us-east-1", context=context
            )
        ).allowed
        for context in ({"kms:ViaService": "s3.us-east-1.amazonaws.com"}, {})
    ]

    assert decisions == [True, False]


def test_what_cannot_be_judged_is_denied_and_named(aws: Served) -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/team": "qa"}}
    role = aws.role("worker", statement("sqs:SendMessage", Condition=tagged))
    question = Question(
        caller=aws.world.authorizer.role_caller(role, "one"),
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:us-east-1:{ACCOUNT}:inbox",
        region="us-east-1",
    )

    assert aws.world.authorizer.decide(question) == Decision(
        allowed=False,
        reason="because the embedded AWS does not model the condition key 'aws:ResourceTag/team'",
    )


def test_a_function_lets_in_the_service_that_its_policy_names(aws: Served) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => 1;")
    client = aws.client("lambda")
    arn = client.create_function(
        FunctionName="processor",
        Role=aws.role("worker", trusts={"Service": "lambda.amazonaws.com"}),
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    client.add_permission(
        FunctionName="processor",
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
    )

    decisions = [
        aws.world.authorizer.decide(
            Question(caller=caller, action="lambda:InvokeFunction", resource=arn, region="us-east-1")
        ).allowed
        for caller in (SNS, CLOUDWATCH)
    ]

    assert decisions == [True, False]
