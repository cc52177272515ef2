"""What state datapoints speak for, missing ones included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.embedded.cloudwatch.evaluation import Datapoint, Rule, judge

TWO_OF_THREE = Rule(
    comparison="GreaterThanOrEqualToThreshold",
    threshold=5.0,
    evaluation_periods=3,
    datapoints_to_alarm=2,
    missing="missing",
    period=60,
    statistic="Sum",
)


def points(*values: float) -> tuple[Datapoint, ...]:
    return tuple(Datapoint(start=-60.0 * index, value=value) for index, value in enumerate(values))


def verdict(rule: Rule, *values: float) -> str | None:
    found = judge(rule, points(*values), now=60.0)
    return None if found is None else found.state


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((5.0, 0.0, 5.0), dict.fromkeys(("missing", "notBreaching", "breaching", "ignore"), "ALARM")),
        ((5.0, 0.0, 0.0), dict.fromkeys(("missing", "notBreaching", "breaching", "ignore"), "OK")),
        ((0.0, 5.0), {"missing": "OK", "notBreaching": "OK", "breaching": "ALARM", "ignore": "OK"}),
        ((5.0,), {"missing": "ALARM", "notBreaching": "OK", "breaching": "ALARM", "ignore": None}),
        ((0.0,), {"missing": "OK", "notBreaching": "OK", "breaching": "ALARM", "ignore": "OK"}),
        (
            (),
            {"missing": "INSUFFICIENT_DATA", "notBreaching": "OK", "breaching": "ALARM", "ignore": None},
        ),
    ],
    ids=["two breach", "one breaches", "one of two", "the only one breaches", "the only one is fine", "none"],
)
def test_missing_data_are_treated_as_the_alarm_says(
    values: tuple[float, ...], expected: dict[str, str | None]
) -> None:
    found = {missing: verdict(replace(TWO_OF_THREE, missing=missing), *values) for missing in expected}

    assert found == expected


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanOrEqualToThreshold", {5.0, 6.0}),
        ("GreaterThanThreshold", {6.0}),
        ("LessThanThreshold", {4.0}),
        ("LessThanOrEqualToThreshold", {4.0, 5.0}),
    ],
)
def test_the_threshold_itself_counts_as_the_operator_says(comparison: str, breaching: set[float]) -> None:
    rule = replace(TWO_OF_THREE, comparison=comparison, evaluation_periods=1, datapoints_to_alarm=1)

    assert {value for value in (4.0, 5.0, 6.0) if verdict(rule, value) == "ALARM"} == breaching


def test_a_single_datapoint_is_told_in_the_singular() -> None:
    rule = replace(TWO_OF_THREE, evaluation_periods=1, datapoints_to_alarm=1)

    found = judge(rule, points(7.0), now=60.0)

    assert found is not None
    assert found.reason == (
        "Threshold Crossed: 1 datapoint [7.0 (01/01/70 00:00:00)] was greater than or equal to the threshold "
        "(5.0)."
    )


def test_insufficient_data_are_counted() -> None:
    found = judge(TWO_OF_THREE, (), now=60.0)

    assert found is not None
    assert found.reason == "Insufficient Data: 3 datapoints were unknown."
