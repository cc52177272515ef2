"""Messages and calls between services that a policy in between does not let through."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    BUCKET,
    FUNCTION,
    QUEUE,
    TOPIC,
    listed,
    mappings,
    resolve_resource,
    resources_of_type,
)
from qa.checks.knowledge.policies import statements
from qa.checks.rule import Fault, rule
from qa.checks.rules.kms.services import alarm_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.policies import Statement
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource

_SNS = "https://docs.aws.amazon.com/sns/latest/dg/"
_TOPIC_POLICY = f"{_SNS}sns-access-policy-use-cases.html"
_QUEUE_POLICY = f"{_SNS}subscribe-sqs-queue-to-sns-topic.html"
_PERMISSION = "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html"


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
                    found=_principals(found),
                    wanted="an Allow of sns:Publish for cloudwatch.amazonaws.com",
                    fix='add a statement with "Principal": {"Service": "cloudwatch.amazonaws.com"}',
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
            found=[name for one in documents for name in _principals(one or ())],
            wanted="a queue policy with an Allow of sqs:SendMessage for sns.amazonaws.com",
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


@rule("function-not-invokable", severity=Severity.ERROR, source=_PERMISSION)
def function_not_invokable(context: Context) -> Iterator[Fault]:
    """A function that a topic, rule or bucket is to call, and may not.

    Each service that calls a function in its own name needs an AWS::Lambda::Permission. S3 refuses the
    notification without it; SNS and EventBridge drop the call without a word. Judged are functions of the
    stack that have no permission for the service there, by whatever name; a macro may make one.
    """
    for stack, function, service, caller in () if context.macros else _calls(context):
        allowed = _services_allowed(stack)
        known = allowed.get(function.logical_id, set()) | allowed.get(None, set())
        if stack.is_whole and not known & {service, None}:
            yield Fault(
                path=("Resources", caller.logical_id),
                region=stack.region,
                message=f"{caller.logical_id} calls {function.logical_id}, "
                f"and {service}.amazonaws.com may not",
                found=None,
                wanted=f"an AWS::Lambda::Permission for {service}.amazonaws.com",
                fix="add the permission, bounded by SourceArn",
            )


def _calls(
    context: Context,
) -> Iterator[tuple[RegionalStack, EvaluatedResource, str, EvaluatedResource]]:
    """Yield (stack, function, service, what makes the service call it)."""
    kinds = ("AWS::SNS::Subscription", "AWS::Events::Rule", BUCKET)
    for stack, caller in resources_of_type(context, *kinds):
        service, values = _callees(caller)
        for value in values:
            found = resolve_resource(value, stack, (stack,))
            if found and found.resource.type == FUNCTION:
                yield stack, found.resource, service, caller


def _callees(caller: EvaluatedResource) -> tuple[str, list[object]]:
    properties = caller.properties
    if caller.type == "AWS::SNS::Subscription":
        return "sns", [properties.get("Endpoint")] if properties.get("Protocol") == "lambda" else []
    if caller.type == "AWS::Events::Rule":
        return "events", [
            one.get("Arn") for _, one in mappings(properties.get("Targets")) if "RoleArn" not in one
        ]
    configuration = properties.get("NotificationConfiguration")
    configured = configuration.get("LambdaConfigurations") if isinstance(configuration, dict) else None
    return "s3", [one.get("Function") for _, one in mappings(configured)]


@lru_cache(maxsize=8)
def _services_allowed(stack: RegionalStack) -> dict[str | None, set[str | None]]:
    """Return the services that may call each function, by its logical ID; None: not known, or everybody."""
    found: dict[str | None, set[str | None]] = {}
    for permission in stack.of_type("AWS::Lambda::Permission"):
        principal, value = (permission.properties.get(key) for key in ("Principal", "FunctionName"))
        function = resolve_resource(value, stack, (stack,))
        is_known = function is not None and function.resource.type == FUNCTION
        service = principal.partition(".")[0] if isinstance(principal, str) and principal != "*" else None
        found.setdefault(function.resource.logical_id if function and is_known else None, set()).add(service)
    return found


def _lets_in(statement: Statement, service: str, action: str) -> bool:
    """Tell whether a statement lets a service, or everybody of an account, do something, or may."""
    is_account = any(kind == "AWS" for kind, _ in statement.principals)
    verdicts = (True if is_account else statement.names_service(service), statement.covers(action))
    return statement.allows and False not in verdicts


def _principals(policy: tuple[Statement, ...]) -> list[str]:
    return sorted({str(name) for one in policy for _, name in one.principals})
