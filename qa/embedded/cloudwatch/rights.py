"""CloudWatch: rights on alarms, mute rules and namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.rights import Call, Need, each, everywhere, on, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import ContextValues, Needs


def _alarm(call: Call) -> str:
    return call.arn(f"alarm:{call.get('AlarmName') or '*'}")


def _alarms(call: Call) -> Iterable[Need]:
    for name in call.get("AlarmNames") or ["*"]:
        yield Need(action=f"cloudwatch:{call.operation}", resource=call.arn(f"alarm:{name}"))


def _mute_rule(call: Call) -> str:
    name = call.get("AlarmMuteRuleName") or call.get("Name")
    return call.arn(f"alarm-mute-rule:{name or '*'}")


def _muting(call: Call) -> Iterable[Need]:
    """Yield the right on the rule and on each alarm that it mutes."""
    yield Need(action=f"cloudwatch:{call.operation}", resource=_mute_rule(call))
    for name in (call.get("MuteTargets") or {}).get("AlarmNames") or ():
        yield Need(action=f"cloudwatch:{call.operation}", resource=call.arn(f"alarm:{name}"))


def _alarm_actions(call: Call) -> ContextValues:
    actions = tuple(
        action
        for name in ("AlarmActions", "OKActions", "InsufficientDataActions")
        for action in call.get(name) or ()
    )
    return {"cloudwatch:AlarmActions": actions} if actions else {}


def _namespace(call: Call) -> ContextValues:
    return {"cloudwatch:namespace": str(call.get("Namespace"))}


RIGHTS: dict[str, Needs] = (
    each("SetAlarmState DescribeAlarmHistory", on("cloudwatch", _alarm))
    | {"PutMetricAlarm": tagged(on("cloudwatch", _alarm, _alarm_actions), "cloudwatch:TagResource")}
    | each("DescribeAlarms DeleteAlarms EnableAlarmActions DisableAlarmActions", _alarms)
    | each("GetAlarmMuteRule DeleteAlarmMuteRule", on("cloudwatch", _mute_rule))
    | {"PutAlarmMuteRule": _muting, "PutMetricData": on("cloudwatch", lambda _: "*", _namespace)}
    | each("GetMetricData GetMetricStatistics ListMetrics ListAlarmMuteRules", everywhere("cloudwatch"))
    | each(
        "ListTagsForResource TagResource UntagResource",
        on("cloudwatch", lambda call: str(call.get("ResourceARN"))),
    )
)
