"""Operations that moto's CloudWatch lacks or answers wrongly."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.exceptions import CloudWatchException, InvalidParameterValue, ValidationError
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from qa.embedded.patches import operation

from .description import described
from .mute_rules import MuteRule
from .schedules import ScheduleError, schedule
from .service import Service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from moto.cloudwatch.models import Alarm

    from qa.embedded.world import World

    from .history import HistoryItem


class NoSuchRuleError(CloudWatchException):
    """There is no mute rule of the name."""

    code = "ResourceNotFoundException"


def describe_alarms(self: CloudWatchResponse, _: World) -> ActionResult:
    """Answer DescribeAlarms: all filters that are given must match; metric alarms only."""
    request = self._get_params()
    alarms = sorted(self.cloudwatch_backend.alarms.values(), key=lambda alarm: alarm.name)
    found = [alarm for alarm in alarms if _is_asked_for(alarm, request)]
    if request.get("AlarmTypes") and "MetricAlarm" not in request["AlarmTypes"]:
        found = []
    page, token = _page(found, request, default=50, most=100)
    return ActionResult(
        {"MetricAlarms": [described(alarm) for alarm in page], "CompositeAlarms": [], "NextToken": token}
    )


def _is_asked_for(alarm: Alarm, request: dict[str, Any]) -> bool:
    names, prefix, action = (request.get(key) for key in ("AlarmNames", "AlarmNamePrefix", "ActionPrefix"))
    return (
        (not names or alarm.name in names)
        and alarm.name.startswith(prefix or "")
        and request.get("StateValue") in (None, alarm.state_value)
        and (not action or any(each.startswith(action) for each in alarm.alarm_actions))
    )


def describe_alarm_history(self: CloudWatchResponse, world: World) -> ActionResult:
    """Answer DescribeAlarmHistory, newest first unless requested otherwise."""
    request = self._get_params()
    items = world.part(Service).history.find(
        self.region,
        alarm_name=request.get("AlarmName"),
        kind=request.get("HistoryItemType"),
        start=_aware(request.get("StartDate")),
        end=_aware(request.get("EndDate")),
    )
    if request.get("AlarmTypes") and "MetricAlarm" not in request["AlarmTypes"]:
        items = ()
    if request.get("ScanBy") != "TimestampAscending":
        items = items[::-1]
    page, token = _page(items, request, default=100, most=100)
    return ActionResult({"AlarmHistoryItems": [_item(item) for item in page], "NextToken": token})


def _item(item: HistoryItem) -> dict[str, Any]:
    return {
        "AlarmName": item.alarm_name,
        "AlarmType": "MetricAlarm",
        "Timestamp": item.timestamp,
        "HistoryItemType": item.kind,
        "HistorySummary": item.summary,
        "HistoryData": item.data,
    }


def put_alarm_mute_rule(self: CloudWatchResponse, world: World) -> ActionResult:
    """Answer PutAlarmMuteRule."""
    request = self._get_params()
    plan = request["Rule"]["Schedule"]
    try:
        parsed = schedule(plan["Expression"], plan["Duration"], plan.get("Timezone"))
    except ScheduleError as wrong:
        raise ValidationError(str(wrong)) from wrong
    names = tuple(request.get("MuteTargets", {}).get("AlarmNames", ()))
    if len(names) > 100:
        raise ValidationError("A mute rule can target up to 100 alarms")
    world.part(Service).mute_rules.put(
        MuteRule(
            region=self.region,
            name=request["Name"],
            arn=f"arn:aws:cloudwatch:{self.region}:{world.account_id}:alarm-mute-rule:{request['Name']}",
            description=request.get("Description"),
            expression=plan["Expression"],
            duration=plan["Duration"],
            timezone=plan.get("Timezone"),
            schedule=parsed,
            alarm_names=names,
            start=_aware(request.get("StartDate")),
            expires=_aware(request.get("ExpireDate")),
            updated=world.clock.now(),
        )
    )
    world.part(Service).alarms.unmute(self.region)
    return EmptyResult()


def get_alarm_mute_rule(self: CloudWatchResponse, world: World) -> ActionResult:
    """Answer GetAlarmMuteRule."""
    name = self._get_param("AlarmMuteRuleName")
    rule = world.part(Service).mute_rules.get(self.region, name)
    if rule is None:
        raise NoSuchRuleError(f"Alarm mute rule {name} does not exist")
    plan = {"Expression": rule.expression, "Duration": rule.duration, "Timezone": rule.timezone}
    details = {
        "Name": rule.name,
        "Description": rule.description,
        "Rule": {"Schedule": {key: value for key, value in plan.items() if value is not None}},
        "MuteTargets": {"AlarmNames": list(rule.alarm_names)},
        "StartDate": rule.start,
    }
    return ActionResult(
        {key: value for key, value in (details | _summary(rule, world)).items() if value is not None}
    )


def delete_alarm_mute_rule(self: CloudWatchResponse, world: World) -> ActionResult:
    """Answer DeleteAlarmMuteRule; what it muted and still rings now runs its actions."""
    world.part(Service).mute_rules.delete(self.region, self._get_param("AlarmMuteRuleName"))
    world.part(Service).alarms.unmute(self.region)
    return EmptyResult()


def list_alarm_mute_rules(self: CloudWatchResponse, world: World) -> ActionResult:
    """Answer ListAlarmMuteRules."""
    request = self._get_params()
    now = world.clock.now()
    rules = [
        rule
        for rule in world.part(Service).mute_rules.all(self.region)
        if request.get("AlarmName") in (None, *rule.alarm_names)
        and (not request.get("Statuses") or rule.status(now) in request["Statuses"])
    ]
    page, token = _page(rules, request, default=50, most=100)
    return ActionResult(
        {"AlarmMuteRuleSummaries": [_summary(rule, world) for rule in page], "NextToken": token}
    )


def _summary(rule: MuteRule, world: World) -> dict[str, Any]:
    summary = {
        "AlarmMuteRuleArn": rule.arn,
        "ExpireDate": rule.expires,
        "Status": rule.status(world.clock.now()),
        "MuteType": "RECURRING" if rule.schedule.is_recurring else "ONE_TIME",
        "LastUpdatedTimestamp": rule.updated,
    }
    return {key: value for key, value in summary.items() if value is not None}


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _page(
    found: Sequence[Any], request: dict[str, Any], *, default: int, most: int
) -> tuple[Sequence[Any], str | None]:
    """Return one page and the token of the next; a token is the number of items before it."""
    token = request.get("NextToken") or "0"
    if not token.isdigit():
        raise InvalidParameterValue("Request parameter NextToken is invalid")
    size = min(int(request.get("MaxRecords") or default), most)
    start, end = int(token), int(token) + size
    return found[start:end], str(end) if end < len(found) else None


PATCHES = (
    operation(CloudWatchResponse, "describe_alarms", describe_alarms),
    *(
        operation(CloudWatchResponse, answer.__name__, answer, is_added=True)
        for answer in (
            describe_alarm_history,
            put_alarm_mute_rule,
            get_alarm_mute_rule,
            delete_alarm_mute_rule,
            list_alarm_mute_rules,
        )
    ),
)
