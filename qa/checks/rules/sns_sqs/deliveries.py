"""Messages that the policy of a topic, a queue or a key does not let through."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    QUEUE,
    TOPIC,
    listed,
    plain,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.policies import statements
from qa.checks.knowledge.topics import alarm_of
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.policies import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_SNS = "https://docs.aws.amazon.com/sns/latest/dg/"
_TOPIC_POLICY = f"{_SNS}sns-access-policy-use-cases.html"
_TOPIC_KEY = f"{_SNS}sns-key-management.html"
_QUEUE_POLICY = f"{_SNS}subscribe-sqs-queue-to-sns-topic.html"


@rule("topic-shuts-out-alarms", severity=Severity.ERROR, source=_TOPIC_POLICY)
def topic_shuts_out_alarms(context: Context) -> Iterator[Fault]:
    """A topic policy that does not let the alarms of the stack publish.

    Without a policy of its own a topic takes what its account sends. A TopicPolicy takes the place of
    that: if it lets in other services only, CloudWatch is not authorized to publish, every alarm rings
    and no message arrives. Statements for the account, for everybody, or not known are left alone.
    """
    for stack, policy in resources_of_type(context, "AWS::SNS::TopicPolicy"):
        found = statements(policy.properties.get("PolicyDocument"))
        if found is None or any(_lets_in(one, "cloudwatch", "sns:Publish") for one in found):
            continue
        topics = [resolve_resource(one, stack, (stack,)) for one in listed(policy.properties.get("Topics"))]
        for topic in topics:
            alarm = alarm_of(topic.resource, stack) if topic and topic.resource.type == TOPIC else None
            if topic and alarm:
                yield Fault(
                    path=stack.path_of(policy.logical_id, "PolicyDocument"),
                    region=stack.region,
                    message=f"{alarm.logical_id} speaks to {topic.resource.logical_id}, and this policy does "
                    "not let CloudWatch publish",
                    actual=_principals(found),
                    expected="an Allow of sns:Publish for cloudwatch.amazonaws.com",
                    fix='add a statement with "Principal": {"Service": "cloudwatch.amazonaws.com"}',
                )


@rule("topic-with-aws-key", severity=Severity.ERROR, source=_TOPIC_KEY)
def topic_with_aws_key(context: Context) -> Iterator[Fault]:
    """An alarm's topic encrypted with alias/aws/sns, which drops what alarms say.

    The policy of that key belongs to AWS and does not let CloudWatch in: everything deploys, every alarm
    rings, and no message arrives. Use a customer key that lets cloudwatch.amazonaws.com in, or none.
    """
    for stack, topic in resources_of_type(context, TOPIC):
        is_of_aws = str(topic.properties.get("KmsMasterKeyId")).endswith("alias/aws/sns")
        alarm = alarm_of(topic, stack) if is_of_aws else None
        if alarm:
            yield Fault(
                path=stack.path_of(topic.logical_id, "KmsMasterKeyId"),
                region=stack.region,
                message=f"Messages of {alarm.logical_id} are dropped: CloudWatch may not use the topic's key",
                actual=plain(topic.properties["KmsMasterKeyId"]),
                expected="no key, or a customer key that lets cloudwatch.amazonaws.com in",
                fix="remove KmsMasterKeyId, or name a customer key with that statement",
            )


@rule("queue-shuts-out-topic", severity=Severity.ERROR, source=_QUEUE_POLICY)
def queue_shuts_out_topic(context: Context) -> Iterator[Fault]:
    """A queue that is subscribed to a topic whose messages it does not let in.

    SNS needs a queue policy that allows it sqs:SendMessage; without it the subscription is there, and no
    message arrives. A warning where the stack has no policy of the queue at all: another may have it.
    Templates that a macro rewrites are left alone.
    """
    for stack, subscription in () if context.macros else resources_of_type(context, "AWS::SNS::Subscription"):
        found = (
            resolve_resource(subscription.properties.get("Endpoint"), stack, (stack,))
            if stack.is_whole
            else None
        )
        if found is None or found.resource.type != QUEUE or subscription.properties.get("Protocol") != "sqs":
            continue
        policies = _policies_of(found.resource, stack)
        documents = [statements(one.properties.get("PolicyDocument")) for one in policies]
        if any(
            one is None or any(_lets_in(part, "sns", "sqs:SendMessage") for part in one) for one in documents
        ):
            continue
        at = policies[0] if policies else subscription
        yield Fault(
            path=stack.path_of(at.logical_id, "PolicyDocument" if policies else "Endpoint"),
            region=stack.region,
            severity=None if policies else Severity.WARNING,
            message=f"{subscription.logical_id} feeds {found.resource.logical_id}, "
            "which does not let SNS send",
            actual=[name for one in documents for name in _principals(one or ())],
            expected="a queue policy with an Allow of sqs:SendMessage for sns.amazonaws.com",
            fix='allow it, bounded by "ArnEquals": {"aws:SourceArn": "<topic>"}',
        )


def _policies_of(queue: EvaluatedResource, stack: RegionalStack) -> list[EvaluatedResource]:
    """Return the queue policies that name a queue, or may: a name that is not known counts."""
    named = _queue_policies(stack)
    return [*named.get(queue.logical_id, ()), *named.get(None, ())]


@lru_cache(maxsize=8)
def _queue_policies(stack: RegionalStack) -> dict[str | None, list[EvaluatedResource]]:
    """Return the queue policies by the queue that they name; None: it is not known."""
    found: dict[str | None, list[EvaluatedResource]] = {}
    for policy in stack.of_type("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"):
        for one in (*listed(policy.properties.get("Queues")), *listed(policy.properties.get("Queue"))):
            queue = resolve_resource(one, stack, (stack,))
            found.setdefault(queue.resource.logical_id if queue else None, []).append(policy)
    return found


def _lets_in(statement: Statement, service: str, action: str) -> bool:
    """Say whether a statement lets a service, or everybody of an account, do something, or may."""
    is_account = any(kind == "AWS" for kind, _ in statement.principals)
    verdicts = (True if is_account else statement.names_service(service), statement.covers(action))
    return statement.allows and False not in verdicts


def _principals(policy: tuple[Statement, ...]) -> list[str]:
    return sorted({str(name) for one in policy for _, name in one.principals})
