"""Hooks into moto's CloudWatchBackend: alarms' states, and metric data kept in our store."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.exceptions import InvalidParameterValue, ValidationError
from moto.cloudwatch.models import CloudWatchBackend, MetricAggregatedDatum, MetricDatum

from qa.embedded.patches import Patch

from .evaluation import OPERATORS
from .queries import QueryError, watch
from .readings import datapoints, metric_data
from .series import StatisticSet, series
from .service import Service

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from moto.cloudwatch.models import Alarm, MetricDatumBase

    from qa.embedded.world import World

MISSING_DATA = ("missing", "notBreaching", "breaching", "ignore")


def _put_metric_alarm(original: Callable[..., Alarm], world: World) -> Callable[..., Alarm]:
    def put_metric_alarm(self: CloudWatchBackend, *args: Any, **kwargs: Any) -> Alarm:
        name = kwargs["name"]
        previous = self.alarms.get(name)
        alarm = original(self, *args, **kwargs)
        try:
            _check(alarm)
        except ValidationError:
            if previous is None:
                del self.alarms[name]
            else:
                self.alarms[name] = previous
            raise
        world.part(Service).alarms.created(alarm, previous)
        return alarm

    return put_metric_alarm


def _check(alarm: Alarm) -> None:
    """Raise ValidationError for what CloudWatch refuses, and by name for what is not modelled."""
    for given, name in (
        (alarm.extended_statistic, "ExtendedStatistic"),
        (alarm.threshold_metric_id, "ThresholdMetricId"),
        (alarm.evaluate_low_sample_count_percentile, "EvaluateLowSampleCountPercentile"),
    ):
        if given:
            raise ValidationError(f"The embedded AWS does not model {name} of alarms")
    for action in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions):
        if action.split(":")[2:3] != ["sns"]:
            raise ValidationError(f"The embedded AWS models SNS topics as alarm actions, not {action}")
    _check_threshold(alarm)
    try:
        watch(alarm)
    except QueryError as wrong:
        raise ValidationError(str(wrong)) from wrong


def _check_threshold(alarm: Alarm) -> None:
    if alarm.comparison_operator not in OPERATORS:
        raise ValidationError(
            f"The embedded AWS does not model the comparison operator {alarm.comparison_operator!r}; "
            f"it models {', '.join(OPERATORS)}"
        )
    if alarm.treat_missing_data not in (None, *MISSING_DATA):
        raise ValidationError(
            f"Option {alarm.treat_missing_data} is not supported. Supported options for parameter "
            f"TreatMissingData are {', '.join(MISSING_DATA)}."
        )
    if (alarm.datapoints_to_alarm or 1) > alarm.evaluation_periods:
        raise ValidationError("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    if alarm.threshold is None:
        raise ValidationError("The parameter Threshold is required.")


def _set_alarm_state(original: Callable[..., None], world: World) -> Callable[..., None]:
    def set_alarm_state(
        self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str | None, state_value: str
    ) -> None:
        alarm = self.alarms.get(alarm_name)
        if alarm is None or state_value == alarm.state_value:
            if alarm is None:
                original(self, alarm_name, reason, reason_data, state_value)  # refuses
            return
        probe = _Probe(self.alarms, alarm_name)
        original(probe, alarm_name, reason, reason_data, state_value)  # checks the state and the JSON
        world.part(Service).alarms.change_state(alarm, state_value, reason, reason_data)

    return set_alarm_state


class _Probe:
    """Stands for the backend so that moto's checks run and nothing changes."""

    def __init__(self, alarms: dict[str, Alarm], name: str) -> None:
        self.alarms = dict.fromkeys(alarms, self) if name in alarms else {}

    def update_state(self, reason: str, reason_data: str, state_value: str) -> None:
        """Change nothing."""


def _delete_alarms(original: Callable[..., None], world: World) -> Callable[..., None]:
    def delete_alarms(self: CloudWatchBackend, alarm_names: list[str]) -> None:
        gone = [self.alarms[name] for name in alarm_names if name in self.alarms]
        original(self, alarm_names)
        for alarm in gone:
            world.part(Service).alarms.deleted(alarm)

    return delete_alarms


def _put_metric_data(original: Callable[..., None], world: World) -> Callable[..., None]:
    def put_metric_data(self: CloudWatchBackend, namespace: str, data: list[dict[str, Any]]) -> None:
        now = world.clock.now()
        stamped = [{**datum, "Timestamp": datum.get("Timestamp") or now} for datum in data]
        original(self, namespace, stamped)
        given, self.metric_data = self.metric_data, []
        for datum in given:
            world.part(Service).store.add(self.region_name, *_stored(datum))

    return put_metric_data


def _stored(datum: MetricDatumBase) -> tuple[Any, float, StatisticSet]:
    key = series(datum.namespace, datum.name, {str(each.name): str(each.value) for each in datum.dimensions})
    at = datum.timestamp if datum.timestamp.tzinfo else datum.timestamp.replace(tzinfo=UTC)
    unit = datum.unit or "None"
    if isinstance(datum, MetricAggregatedDatum):
        data = StatisticSet(
            count=datum.sample_count, total=datum.sum, minimum=datum.min, maximum=datum.max, unit=unit
        )
    else:
        assert isinstance(datum, MetricDatum)  # noqa: S101 - moto has these two
        data = StatisticSet.of(datum.value, unit)
    return key, at.timestamp(), data


def _get_all_metrics(
    _: Callable[..., list[MetricDatumBase]], world: World
) -> Callable[..., list[MetricDatumBase]]:
    def get_all_metrics(self: CloudWatchBackend) -> list[MetricDatumBase]:
        """Return one datum for each series; only ListMetrics uses it."""
        stored: list[MetricDatumBase] = [
            MetricDatum(
                key.namespace,
                key.name,
                0.0,
                [{"Name": name, "Value": value} for name, value in sorted(key.dimensions)],
                None,
            )
            for key in world.part(Service).store.keys(self.region_name)
        ]
        return stored + self.aws_metric_data

    return get_all_metrics


def _get_metric_statistics(_: Callable[..., Any], world: World) -> Callable[..., Any]:
    def get_metric_statistics(  # moto's signature
        self: CloudWatchBackend,
        namespace: str,
        metric_name: str,
        start_time: datetime,
        end_time: datetime,
        period: int,
        stats: list[str],
        **options: Any,
    ) -> list[dict[str, Any]]:
        if start_time >= end_time:
            raise InvalidParameterValue("The parameter StartTime must be less than the parameter EndTime.")
        dimensions = {each["Name"]: each["Value"] for each in options.get("dimensions") or ()}
        return datapoints(
            world.part(Service).store,
            self.region_name,
            series(namespace, metric_name, dimensions),
            span=(start_time, end_time),
            period=period,
            statistics=stats or (),
            unit=options.get("unit"),
        )

    return get_metric_statistics


def _get_metric_data(_: Callable[..., Any], world: World) -> Callable[..., Any]:
    def get_metric_data(
        self: CloudWatchBackend,
        queries: list[dict[str, Any]],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        if start_time >= end_time:
            raise ValidationError("The parameter EndTime must be greater than StartTime.")
        return metric_data(
            world.part(Service).store,
            self.region_name,
            queries,
            span=(start_time, end_time),
            is_descending=scan_by == "TimestampDescending",
        )

    return get_metric_data


def _patch(name: str, parameters: str, around: Callable[..., Callable[..., Any]]) -> Patch:
    return Patch(owner=CloudWatchBackend, name=name, parameters=parameters, around=around)


PATCHES = (
    _patch(
        "put_metric_alarm",
        "self, name, namespace, metric_name, comparison_operator, evaluation_periods, period, threshold, "
        "statistic, description, dimensions, alarm_actions, metric_data_queries, datapoints_to_alarm, "
        "extended_statistic, ok_actions, insufficient_data_actions, unit, actions_enabled, "
        "treat_missing_data, evaluate_low_sample_count_percentile, threshold_metric_id, rule, tags",
        _put_metric_alarm,
    ),
    _patch("set_alarm_state", "self, alarm_name, reason, reason_data, state_value", _set_alarm_state),
    _patch("delete_alarms", "self, alarm_names", _delete_alarms),
    _patch("put_metric_data", "self, namespace, metric_data", _put_metric_data),
    _patch("get_all_metrics", "self", _get_all_metrics),
    _patch(
        "get_metric_statistics",
        "self, namespace, metric_name, start_time, end_time, period, stats, dimensions, unit",
        _get_metric_statistics,
    ),
    _patch("get_metric_data", "self, queries, start_time, end_time, scan_by", _get_metric_data),
)
