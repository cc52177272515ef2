"""How an alarm looks in DescribeAlarms, in the history and in a notification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.cloudwatch.models import Alarm, MetricDataQuery


def described(alarm: Alarm) -> dict[str, Any]:
    """Return the MetricAlarm of the API; what is not set is left out."""
    description: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
        "StateReasonData": alarm.state_reason_data,
        "StateUpdatedTimestamp": alarm.state_updated_timestamp,
        "StateTransitionedTimestamp": getattr(alarm, "state_transitioned_timestamp", None),
        **configuration(alarm),
    }
    return {name: value for name, value in description.items() if value is not None}


def configuration(alarm: Alarm) -> dict[str, Any]:
    """Return the part that PutMetricAlarm sets; what is not set is left out."""
    found: dict[str, Any] = {
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": list(alarm.ok_actions),
        "AlarmActions": list(alarm.alarm_actions),
        "InsufficientDataActions": list(alarm.insufficient_data_actions),
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "Threshold": alarm.threshold,
        "ComparisonOperator": alarm.comparison_operator,
        "TreatMissingData": alarm.treat_missing_data,
    }
    if alarm.metric_data_queries:
        found["Dimensions"] = []
        found["Metrics"] = [_query(query) for query in alarm.metric_data_queries]
    else:
        found |= {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "Statistic": alarm.statistic,
            "Period": alarm.period,
            "Unit": alarm.unit,
            "Dimensions": [{"Name": each.name, "Value": each.value} for each in alarm.dimensions],
        }
    return {name: value for name, value in found.items() if value is not None}


def trigger(alarm: Alarm) -> dict[str, Any]:
    """Return the Trigger of a notification."""
    shared: dict[str, Any] = {
        "Period": int(alarm.period or 0),
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": "",
    }
    if alarm.metric_data_queries:
        return shared | {"Metrics": [_query(query) for query in alarm.metric_data_queries]}
    return shared | {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": "Statistic",
        "Statistic": alarm.statistic.upper(),
        "Unit": alarm.unit,
        "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
    }


def _query(query: MetricDataQuery) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Id": query.id,
        "Label": query.label,
        "Expression": query.expression,
        "Period": query.period,
        "ReturnData": query.return_data is None or query.return_data in (True, "true"),
    }
    if query.metric_stat is not None:
        metric = query.metric_stat.metric
        found["MetricStat"] = {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.metric_name,
                "Dimensions": [{"Name": each.name, "Value": each.value} for each in metric.dimensions],
            },
            "Period": int(query.metric_stat.period),
            "Stat": query.metric_stat.stat,
        }
        if query.metric_stat.unit is not None:
            found["MetricStat"]["Unit"] = query.metric_stat.unit
    return {name: value for name, value in found.items() if value is not None}
