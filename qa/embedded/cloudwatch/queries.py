"""What an alarm or a GetMetricData request reads of the metrics, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import expressions
from .series import STATISTICS, Series, series

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping

    from moto.cloudwatch.models import Alarm

    from .series import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticQuery:
    """One statistic of one series, by period."""

    series: Series
    statistic: str
    unit: str | None

    def value(self, store: Store, region: str, start: float, period: int) -> float | None:
        """Return the statistic of the period that starts at `start`; None without data."""
        data = store.between(region, self.series, start, start + period, unit=self.unit)
        return None if data is None else data.statistic(self.statistic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What an alarm looks at: statistics by ID, expressions over them, and which of all is the result."""

    statistics: Mapping[str, StatisticQuery]
    expressions: Mapping[str, ast.expr]
    result: str
    period: int

    @property
    def namespaces(self) -> frozenset[str]:
        """Return the namespaces that are looked at."""
        return frozenset(query.series.namespace for query in self.statistics.values())

    def value(self, store: Store, region: str, start: float) -> float | None:
        """Return the value of one period; None without data."""
        return self._value_of(self.result, store, region, start)

    def sample_count(self, store: Store, region: str, start: float) -> float | None:
        """Return how many samples a period of a single metric has; None for metric math."""
        query = self.statistics.get(self.result)
        data = query and store.between(region, query.series, start, start + self.period, unit=query.unit)
        return data.count if data else None

    def _value_of(self, query_id: str, store: Store, region: str, start: float) -> float | None:
        if query_id in self.statistics:
            return self.statistics[query_id].value(store, region, start, self.period)
        tree = self.expressions[query_id]
        values = {name: self._value_of(name, store, region, start) for name in expressions.names(tree)}
        return expressions.value(tree, values)


class QueryError(ValueError):
    """The alarm requires something that CloudWatch refuses or that is not modelled."""


def watch(alarm: Alarm) -> Watch:
    """Return what an alarm looks at. Raises QueryError for what cannot be evaluated, by name."""
    if alarm.metric_data_queries:
        return _math(alarm)
    query = StatisticQuery(
        series=series(
            alarm.namespace, alarm.metric_name, {str(each.name): str(each.value) for each in alarm.dimensions}
        ),
        statistic=_statistic(alarm.statistic),
        unit=alarm.unit,
    )
    return Watch(statistics={"m1": query}, expressions={}, result="m1", period=_period(alarm.period))


def _math(alarm: Alarm) -> Watch:
    statistics: dict[str, StatisticQuery] = {}
    trees: dict[str, ast.expr] = {}
    periods: set[int] = set()
    for query in alarm.metric_data_queries:
        if query.metric_stat is not None:
            metric = query.metric_stat.metric
            dimensions = {str(each.name): str(each.value) for each in metric.dimensions}
            statistics[query.id] = StatisticQuery(
                series=series(metric.namespace, metric.metric_name, dimensions),
                statistic=_statistic(query.metric_stat.stat),
                unit=query.metric_stat.unit,
            )
            periods.add(_period(query.metric_stat.period))
        else:
            trees[query.id] = _tree(query.expression)
    results = [query.id for query in alarm.metric_data_queries if query.return_data in (None, True, "true")]
    if len(results) != 1:
        raise QueryError("Exactly one element of the metrics list should return data.")
    if len(periods) != 1:
        raise QueryError("Metrics list must contain metrics of one and the same period.")
    _check_references(trees, {*statistics, *trees})
    return Watch(statistics=statistics, expressions=trees, result=results[0], period=periods.pop())


def _check_references(trees: Mapping[str, ast.expr], known: Iterable[str]) -> None:
    remaining = {query_id: expressions.names(tree) for query_id, tree in trees.items()}
    for query_id, referred in remaining.items():
        for name in sorted(referred - set(known)):
            raise QueryError(
                f"The expression of {query_id!r} refers to {name!r}, which is not in the metrics list."
            )
    while remaining:
        ready = [query_id for query_id, referred in remaining.items() if not referred & set(remaining)]
        if not ready:
            raise QueryError(
                f"The expressions {', '.join(sorted(remaining))} refer to one another in a circle."
            )
        for query_id in ready:
            del remaining[query_id]


def _tree(expression: str | None) -> ast.expr:
    try:
        return expressions.parse(expression or "")
    except expressions.ExpressionError as wrong:
        raise QueryError(
            f"The embedded AWS does not model {wrong}; it models + - * / over metric IDs."
        ) from wrong


def _statistic(name: str | None) -> str:
    if name not in STATISTICS:
        raise QueryError(
            f"The embedded AWS does not model the statistic {name!r}; it models {', '.join(STATISTICS)}."
        )
    return str(name)


def _period(seconds: int | str | None) -> int:
    period = int(seconds or 0)
    if period not in (10, 20, 30) and (period <= 0 or period % 60):
        raise QueryError("Period must be 10, 20, 30 or a multiple of 60")
    return period
