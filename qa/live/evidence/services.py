"""What is worth a look after a check went red, by service: one function each, from the check's requests."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from .documents import documents
from .fetch import MOST, text_of
from .items import tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qa.report.evidence import Call, Exhibit

    from .fetch import Fetcher

EVENTS, HISTORY, LOG_LINES = 15, 20, 100
LOG_GROUP = "/aws/lambda/"


def exhibits(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield everything that the calls of the check lead to."""
    for collect in COLLECTORS.values():
        yield from collect(fetcher)


def functions(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield how each invoked function is set up, and the log of each of its requests."""
    for region, name in fetcher.named("lambda", "FunctionName"):
        yield fetcher.table(
            f"function {name}",
            ("setting", "value"),
            partial(_configuration, fetcher, region, name),
            region=region,
            requests="lambda GetFunctionConfiguration",
        )
    for call in [each for each in fetcher.calls if each.operation == "Invoke" and each.request_id][-MOST:]:
        yield fetcher.text(
            f"log of {call.about.get('FunctionName', '')}, request {_request_id(call)}",
            partial(_log, fetcher, call),
            region=call.region,
            requests="logs FilterLogEvents, else the tail that Invoke returned",
        )


def _configuration(fetcher: Fetcher, region: str, name: str) -> Iterator[tuple[str, object]]:
    configuration: Mapping[str, Any] = fetcher.clients.lambda_(region).get_function_configuration(
        FunctionName=name
    )
    for key in ("State", "StateReason", "LastUpdateStatus", "LastUpdateStatusReason", "LastModified"):
        if key in configuration:
            yield key, configuration[key]
    for key in ("Runtime", "Handler", "Timeout", "MemorySize", "Role", "CodeSha256"):
        yield key, configuration.get(key)
    for variable, value in configuration.get("Environment", {}).get("Variables", {}).items():
        yield f"variable {variable}", value


def _request_id(call: Call) -> str:
    """Return the ID under which the function logs: a proxy may have given the answer another one."""
    match = re.search(r"RequestId: ([0-9a-f-]{36})", call.response.get("LogResult", ""))
    return match[1] if match else call.request_id


def _log(fetcher: Fetcher, call: Call) -> str:
    name = call.about.get("FunctionName", "")
    configuration: Mapping[str, Any] = fetcher.clients.lambda_(call.region).get_function_configuration(
        FunctionName=name
    )
    response = fetcher.clients.logs(call.region).filter_log_events(
        logGroupName=configuration.get("LoggingConfig", {}).get("LogGroup", f"{LOG_GROUP}{name}"),
        filterPattern=f'"{_request_id(call)}"',
        limit=LOG_LINES,
    )
    lines = [event.get("message", "").rstrip("\n") for event in response["events"]]
    # the tail that Invoke returned has what a log group does not show yet
    return "\n".join(lines) or call.response.get("LogResult", "")


def alarms(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield the state of each alarm that the check looked at, and the history of those that matter."""
    named = _alarms_named(fetcher)
    for region, names in named.items():
        yield fetcher.table(
            "alarms",
            ("alarm", "state", "since", "actions", "reason"),
            partial(_states, fetcher, region, names),
            region=region,
            requests="cloudwatch DescribeAlarms",
        )
    for region, names in named.items():
        for name in _worth_a_history(fetcher, region, names):
            yield fetcher.table(
                f"history of alarm {name}",
                ("at", "what", "reason"),
                partial(_history, fetcher, region, name),
                region=region,
                requests="cloudwatch DescribeAlarmHistory",
            )


def _alarms_named(fetcher: Fetcher) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for call in fetcher.calls:
        if call.service == "cloudwatch":
            names = [*json.loads(call.about.get("AlarmNames", "[]")), call.about.get("AlarmName")]
            found.setdefault(call.region, {}).update(dict.fromkeys(filter(None, names)))
    return {region: list(names) for region, names in found.items() if names}


def _worth_a_history(fetcher: Fetcher, region: str, names: list[str]) -> list[str]:
    """Return those whose history the check read or whose state it set, and those that ring now."""
    touched = {call.about["AlarmName"] for call in fetcher.calls if "AlarmName" in call.about}
    if fetcher.gone:
        return []
    try:
        ringing = {str(row[0]) for row in _states(fetcher, region, names) if row[1] == "ALARM"}
    except (BotoCoreError, ClientError):
        ringing = set()  # the table of states says why
    return [name for name in names if name in touched | ringing][:MOST]


def _history(fetcher: Fetcher, region: str, name: str) -> Iterator[tuple[object, ...]]:
    response = fetcher.clients.cloudwatch(region).describe_alarm_history(AlarmName=name, MaxRecords=HISTORY)
    for item in response.get("AlarmHistoryItems", []):
        data: Mapping[str, Any] = json.loads(item.get("HistoryData") or "{}")
        reason = data.get("newState", {}).get("stateReason", "")
        yield item.get("Timestamp"), item.get("HistorySummary"), reason


def _states(fetcher: Fetcher, region: str, names: list[str]) -> Iterator[tuple[object, ...]]:
    response = fetcher.clients.cloudwatch(region).describe_alarms(AlarmNames=names)
    for alarm in response.get("MetricAlarms", []):
        actions = "on" if alarm.get("ActionsEnabled") else "off"
        yield (
            alarm.get("AlarmName"),
            alarm.get("StateValue"),
            alarm.get("StateUpdatedTimestamp"),
            actions,
            alarm.get("StateReason"),
        )


def keys(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield what each key or alias leads to."""
    named = fetcher.named("kms", "KeyId")
    if named:
        yield fetcher.table(
            "keys",
            ("requested", "region", "leads to", "state", "multi-Region", "manager"),
            lambda: (_key(fetcher, region, key) for region, key in named),
            region="both",
            requests="kms DescribeKey",
        )


def _key(fetcher: Fetcher, region: str, key: str) -> tuple[object, ...]:
    client = fetcher.clients.kms(region)
    try:
        metadata: Mapping[str, Any] = client.describe_key(KeyId=key)["KeyMetadata"]
    except client.exceptions.NotFoundException:
        return (key, region, "absent", None, None, None)
    kind = metadata.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType", "no")
    return (key, region, metadata.get("Arn"), metadata.get("KeyState"), kind, metadata.get("KeyManager"))


def topics(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield who is subscribed to each topic, without the addresses, and how it is set up."""
    for region, arn in fetcher.named("sns", "TopicArn"):
        yield fetcher.table(
            f"topic {arn}",
            ("setting", "value"),
            partial(_topic, fetcher, region, arn),
            region=region,
            requests="sns GetTopicAttributes",
        )


def _topic(fetcher: Fetcher, region: str, arn: str) -> list[tuple[str, object]]:
    attributes = fetcher.clients.sns(region).get_topic_attributes(TopicArn=arn)["Attributes"]
    shown = ("KmsMasterKeyId", "Policy", "SubscriptionsConfirmed", "SubscriptionsPending")
    return [(key, attributes.get(key)) for key in shown]


def parameters(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield what each parameter is and who changed it last, in every region, without its value."""
    for _, name in fetcher.named("ssm", "Name"):
        for region in fetcher.regions:
            yield fetcher.table(
                f"parameter {name}",
                ("setting", "value"),
                partial(_parameter, fetcher, region, name),
                region=region,
                requests="ssm DescribeParameters",
            )


def _parameter(fetcher: Fetcher, region: str, name: str) -> list[tuple[str, object]]:
    bare = name.rpartition(":parameter")[2].partition(":")[0]  # a version may stand behind it
    response = fetcher.clients.ssm(region).describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [bare]}]
    )
    found: Mapping[str, Any] = next(iter(response["Parameters"]), {})
    shown = ("Type", "Version", "Tier", "KeyId", "LastModifiedDate", "LastModifiedUser")
    return [(key, found.get(key)) for key in shown]


def roles(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield the inline policies of each role whose rights were simulated."""
    for region, arn in fetcher.named("iam", "PolicySourceArn"):
        yield fetcher.table(
            f"policies of {arn}",
            ("policy", "document"),
            partial(_policies, fetcher, region, arn.rpartition("/")[2]),
            region=region,
            requests="iam ListRolePolicies, GetRolePolicy",
        )


def _policies(fetcher: Fetcher, region: str, role_name: str) -> Iterator[tuple[object, ...]]:
    client = fetcher.clients.iam(region)
    for name in client.list_role_policies(RoleName=role_name)["PolicyNames"]:
        document: Any = client.get_role_policy(RoleName=role_name, PolicyName=name)["PolicyDocument"]
        yield name, text_of(document)


def stack_events(fetcher: Fetcher) -> Iterator[Exhibit]:
    """Yield the last events of the stack in each region, failures before all others."""
    for name, region in fetcher.stacks:
        table = fetcher.table(
            f"last events of stack {name}",
            ("at", "resource", "status", "reason"),
            partial(_events, fetcher, name, region),
            region=region,
            requests="cloudformation DescribeStackEvents",
        )
        failed = any(row[2].endswith("FAILED") for row in table.rows)
        yield dataclasses.replace(table, is_background=not failed)


def _events(fetcher: Fetcher, name: str, region: str) -> Sequence[tuple[object, ...]]:
    response = fetcher.clients.cloudformation(region).describe_stack_events(StackName=name)
    rows = [
        (
            event["Timestamp"],
            event.get("LogicalResourceId"),
            event.get("ResourceStatus", ""),
            event.get("ResourceStatusReason"),
        )
        for event in response["StackEvents"]
    ]
    failed = [row for row in rows if str(row[2]).endswith("FAILED")]
    return [*failed[:EVENTS], *(row for row in rows if row not in failed)][:EVENTS]


COLLECTORS: Mapping[str, Callable[[Fetcher], Iterator[Exhibit]]] = {
    "lambda": functions,
    "dynamodb": tables,
    "s3": documents,
    "cloudwatch": alarms,
    "kms": keys,
    "sns": topics,
    "ssm": parameters,
    "iam": roles,
    "cloudformation": stack_events,
}
"""What the calls to a service, by boto3's name, lead to."""
