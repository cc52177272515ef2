"""Metric math: + - * / over numbers, parentheses and the IDs of other queries."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class ExpressionError(ValueError):
    """The expression says something that is not modelled, or nothing at all."""


def parse(expression: str) -> ast.expr:
    """Return the tree of an expression. Raises ExpressionError for what is not modelled, by name."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError as wrong:
        raise ExpressionError(f"the metric expression {expression!r} cannot be read") from wrong
    _check(tree, expression)
    return tree


def names(tree: ast.expr) -> frozenset[str]:
    """Return the IDs that an expression refers to."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def value(tree: ast.expr, values: Mapping[str, float | None]) -> float | None:
    """Return the value for one period; None where a part has no data or a division is by zero.

    That is CloudWatch's rule too: it treats what is missing as missing, not as zero.
    """
    if isinstance(tree, ast.Constant):
        return float(tree.value)  # type: ignore[arg-type]  # `parse` let numbers only through
    if isinstance(tree, ast.Name):
        return values[tree.id]
    if isinstance(tree, ast.UnaryOp):
        inner = value(tree.operand, values)
        return None if inner is None else -inner if isinstance(tree.op, ast.USub) else inner
    assert isinstance(tree, ast.BinOp)  # noqa: S101 - `parse` let nothing else through
    left, right = value(tree.left, values), value(tree.right, values)
    if left is None or right is None or (isinstance(tree.op, ast.Div) and right == 0):
        return None
    return OPERATORS[type(tree.op)](left, right)


def _check(tree: ast.expr, expression: str) -> None:
    if isinstance(tree, ast.BinOp) and type(tree.op) in OPERATORS:
        _check(tree.left, expression)
        _check(tree.right, expression)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.UAdd | ast.USub):
        _check(tree.operand, expression)
    elif isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        raise ExpressionError(f"the function {tree.func.id} in the metric expression {expression!r}")
    elif not isinstance(tree, ast.Name) and not _is_number(tree):
        raise ExpressionError(f"{ast.unparse(tree)!r} in the metric expression {expression!r}")


def _is_number(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and type(tree.value) in (int, float)
