"""Metric data: what is put comes out, by period, for its exact dimensions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from .conftest import next_minute, put

if TYPE_CHECKING:
    from qa.embedded.world import World


@pytest.fixture
def function() -> str:
    return f"function-{uuid4().hex[:8]}"


def statistics(world: World, watching: Any, function: str, **changes: Any) -> list[dict[str, Any]]:
    now = world.clock.now()
    requested = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": function}],
        "StartTime": now - timedelta(minutes=10),
        "EndTime": now + timedelta(minutes=1),
        "Period": 60,
        "Statistics": ["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
        **changes,
    }
    found: list[dict[str, Any]] = watching.get_metric_statistics(**requested)["Datapoints"]
    return found


def test_data_of_a_minute_are_one_datapoint(world: World, watching: Any, function: str) -> None:
    next_minute(world)
    minute = world.clock.now().replace(second=0, microsecond=0)
    for value in (1.0, 2.0, 6.0):
        put(world, function, value)

    assert statistics(world, watching, function) == [
        {
            "Timestamp": minute,
            "Unit": "Count",
            "Sum": 9.0,
            "Average": 3.0,
            "Minimum": 1.0,
            "Maximum": 6.0,
            "SampleCount": 3.0,
        }
    ]


def test_fewer_dimensions_are_another_metric(world: World, watching: Any, function: str) -> None:
    put(world, function, 1.0)

    assert statistics(world, watching, function, Dimensions=[]) == []


def test_data_older_than_three_hours_are_forgotten(world: World, watching: Any, function: str) -> None:
    put(world, function, 1.0)

    world.clock.advance(3 * 3600 + 60)

    names = {"Name": "FunctionName", "Value": function}
    assert watching.list_metrics(Namespace="AWS/Lambda", Dimensions=[names])["Metrics"] == []


def test_a_metric_is_listed_once(world: World, watching: Any, function: str) -> None:
    dimensions = [{"Name": "FunctionName", "Value": function}]
    for _ in range(3):
        put(world, function, 1.0)

    found = watching.list_metrics(Namespace="AWS/Lambda", MetricName="Errors", Dimensions=dimensions)
    assert found["Metrics"] == [{"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": dimensions}]


def test_put_metric_data_takes_values_counts_and_statistics(
    world: World, watching: Any, function: str
) -> None:
    dimensions = [{"Name": "FunctionName", "Value": function}]
    next_minute(world)
    watching.put_metric_data(
        Namespace="Own",
        MetricData=[
            {"MetricName": "M", "Dimensions": dimensions, "Values": [1.0, 2.0], "Counts": [2.0, 1.0]},
            {
                "MetricName": "M",
                "Dimensions": dimensions,
                "StatisticValues": {"SampleCount": 2.0, "Sum": 10.0, "Minimum": 4.0, "Maximum": 6.0},
            },
        ],
    )

    found = statistics(
        world, watching, function, Namespace="Own", MetricName="M", Statistics=["Sum", "Maximum"]
    )
    assert [(point["Sum"], point["Maximum"]) for point in found] == [(14.0, 6.0)]


def queries(function: str, expression: str) -> list[dict[str, Any]]:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": function}],
    }
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    return [
        {"Id": "errors", "MetricStat": stat, "ReturnData": False},
        {"Id": "double", "Expression": expression},
    ]


def test_get_metric_data_computes_expressions(world: World, watching: Any, function: str) -> None:
    next_minute(world)
    put(world, function, 4.0)
    now = world.clock.now()

    found = watching.get_metric_data(
        MetricDataQueries=queries(function, "errors * 2"),
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]

    assert [(each["Id"], each["Values"]) for each in found] == [("double", [8.0])]


def test_get_metric_data_names_what_is_not_modelled(world: World, watching: Any, function: str) -> None:
    now = world.clock.now()

    with pytest.raises(ClientError) as refused:
        watching.get_metric_data(
            MetricDataQueries=queries(function, "SEARCH('x', 'Sum')"),
            StartTime=now - timedelta(minutes=5),
            EndTime=now,
        )

    assert refused.value.response["Error"]["Message"] == (
        "The embedded AWS does not model the function SEARCH in the metric expression \"SEARCH('x', 'Sum')\""
    )
