"""Metric math: what is modelled is computed, what is not is named."""

from __future__ import annotations

import pytest

from qa.embedded.cloudwatch.expressions import ExpressionError, names, parse, value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", 8.0),
        ("a - b", 4.0),
        ("a * (b + 1)", 18.0),
        ("100 * a / b", 300.0),
        ("-a + 0.5", -5.5),
        ("a / (b - b)", None),
        ("a + gone", None),
    ],
)
def test_an_expression_is_computed(expression: str, expected: float | None) -> None:
    assert value(parse(expression), {"a": 6.0, "b": 2.0, "gone": None}) == expected


def test_the_ids_of_an_expression_are_known() -> None:
    assert names(parse("(reads + writes) / reads")) == {"reads", "writes"}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SUM(METRICS())", "the function SUM in the metric expression 'SUM(METRICS())'"),
        ("a > 1", "'a > 1' in the metric expression 'a > 1'"),
        ("a ** 2", "'a ** 2' in the metric expression 'a ** 2'"),
        ("a + 'b'", "\"'b'\" in the metric expression \"a + 'b'\""),
        ("a +", "the metric expression 'a +' cannot be read"),
    ],
    ids=["function", "comparison", "power", "string", "unfinished"],
)
def test_what_is_not_modelled_is_named(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as wrong:
        parse(expression)

    assert str(wrong.value) == message
