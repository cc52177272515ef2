"""GetMetricStatistics and GetMetricData over the stored series, in periods aligned to the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.exceptions import ValidationError

from . import expressions
from .series import STATISTICS, series

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .series import Series, Store


def datapoints(
    store: Store,
    region: str,
    key: Series,
    *,
    span: tuple[datetime, datetime],
    period: int,
    statistics: Iterable[str],
    unit: str | None,
) -> list[dict[str, Any]]:
    """Return the Datapoints of GetMetricStatistics, oldest first; periods without data are left out."""
    found = []
    for start in _periods(span, period):
        data = store.between(region, key, start, start + period, unit=unit)
        if data is not None:
            point: dict[str, Any] = {"Timestamp": datetime.fromtimestamp(start, UTC), "Unit": data.unit}
            found.append(point | {name: data.statistic(name) for name in statistics if name in STATISTICS})
    return found


def metric_data(
    store: Store,
    region: str,
    queries: Sequence[Mapping[str, Any]],
    *,
    span: tuple[datetime, datetime],
    is_descending: bool,
) -> list[dict[str, Any]]:
    """Return the MetricDataResults of GetMetricData. Raises ValidationError for what is not modelled."""
    by_id: dict[str, dict[float, float]] = {}
    trees = {query["Id"]: _tree(query["Expression"]) for query in queries if query.get("Expression")}
    for query in queries:
        if query.get("MetricStat"):
            by_id[query["Id"]] = _values(store, region, query["MetricStat"], span)
    _check_references(trees, by_id)
    for query_id, tree in trees.items():
        by_id[query_id] = _computed(tree, by_id)
    results = []
    for query in queries:
        if query.get("ReturnData", True) in (False, "false"):
            continue
        points = sorted(by_id[query["Id"]].items(), reverse=is_descending)
        stat = query.get("MetricStat", {})
        label = query.get("Label") or stat.get("Metric", {}).get("MetricName") or query["Id"]
        results.append(
            {
                "Id": query["Id"],
                "Label": label,
                "Timestamps": [datetime.fromtimestamp(start, UTC) for start, _ in points],
                "Values": [value for _, value in points],
                "StatusCode": "Complete",
            }
        )
    return results


def _values(
    store: Store, region: str, stat: Mapping[str, Any], span: tuple[datetime, datetime]
) -> dict[float, float]:
    metric = stat["Metric"]
    if stat["Stat"] not in STATISTICS:
        raise ValidationError(f"The embedded AWS does not model the statistic {stat['Stat']!r}")
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    key = series(metric["Namespace"], metric["MetricName"], dimensions)
    period = int(stat["Period"])
    found = {}
    for start in _periods(span, period):
        data = store.between(region, key, start, start + period, unit=stat.get("Unit"))
        if data is not None:
            found[start] = data.statistic(stat["Stat"])
    return found


def _tree(expression: str) -> ast.expr:
    try:
        return expressions.parse(expression)
    except expressions.ExpressionError as wrong:
        raise ValidationError(f"The embedded AWS does not model {wrong}") from wrong


def _check_references(trees: Mapping[str, ast.expr], statistics: Iterable[str]) -> None:
    known = set(statistics)
    for query_id, tree in trees.items():
        for name in sorted(expressions.names(tree) - known):
            raise ValidationError(
                f"The expression of {query_id!r} refers to {name!r}, which is neither a MetricStat nor an "
                "earlier expression"
            )
        known.add(query_id)


def _computed(tree: ast.expr, by_id: Mapping[str, Mapping[float, float]]) -> dict[float, float]:
    names = expressions.names(tree)
    starts = set().union(*(by_id[name] for name in names))
    values = {
        start: expressions.value(tree, {name: by_id[name].get(start) for name in names}) for start in starts
    }
    return {start: value for start, value in values.items() if value is not None}


def _periods(span: tuple[datetime, datetime], period: int) -> Iterator[float]:
    first, last = (_epoch(moment) for moment in span)
    start = first // period * period
    while start < last:
        yield start
        start += period


def _epoch(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
