"""What inline Python says of itself: the calls of boto3 that it makes, the variables it reads."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.knowledge.inline_code import ACTIONS, KINDS, InlineCode

if TYPE_CHECKING:
    from collections.abc import Iterator

_BORROWED = re.compile(r"\b(?:aws_access_key_id|aws_session_token|assume_role\w*|Session|endpoint_url)\b")
_MOST = 65_536
"""Characters; inline code is short, and a parser's time is not."""
_NOTHING = InlineCode(needs=frozenset(), handed_over=())
_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
_TABLE_METHODS = ("put_item", "get_item", "update_item", "delete_item", "query", "scan")


@lru_cache(maxsize=64)
def read_python(code: str) -> InlineCode:
    """Return the calls of boto3's clients and tables and the variables they are given.

    Read are clients that are made once and by a literal name, e.g. `s3 = boto3.client("s3")`.
    """
    if len(code) > _MOST or "boto3" not in code:
        return _NOTHING
    try:
        with warnings.catch_warnings(action="ignore"):  # of code that is not ours
            nodes = list(ast.walk(ast.parse(code)))
    except _PARSE_ERRORS:
        return _NOTHING
    reading = _Reading(nodes)
    called = list(reading.calls())
    needs = {ACTIONS[key] for service, method, _ in called if (key := _command(service, method)) in ACTIONS}
    given = (pair for _, _, call in called for pair in reading.handed_over(call))
    return InlineCode(
        needs=frozenset() if _BORROWED.search(code) else frozenset(needs),
        handed_over=tuple(dict.fromkeys((*given, *reading.tables()))),
        encrypts_itself="ServerSideEncryption" in code or "ExtraArgs" in code,
    )


def _command(service: str, method: str) -> tuple[str, str]:
    """Return the key of ACTIONS for a method, e.g. put_item of dynamodb."""
    return f"@aws-sdk/client-{service}", "".join(word.capitalize() for word in method.split("_"))


class _Reading:
    """The names of a module that are bound once: what they hold."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.nodes = nodes
        self.bound = _bound_once(nodes)

    def calls(self) -> Iterator[tuple[str, str, ast.Call]]:
        """Yield (service, method, call) of each call of a client, or of a table of the resource API."""
        for node in self.nodes:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            holder, method = self._value(node.func.value), node.func.attr
            service = _made_by(holder, "client")
            if service:
                yield service, method, node
            elif self._table(holder) is not None and method in _TABLE_METHODS:
                yield "dynamodb", method, node

    def handed_over(self, call: ast.Call) -> Iterator[tuple[str, str]]:
        """Yield (parameter, environment variable) of a call's keywords."""
        for keyword in call.keywords:
            variable = _variable(self._value(keyword.value))
            if keyword.arg in KINDS and variable:
                yield str(keyword.arg), variable

    def tables(self) -> Iterator[tuple[str, str]]:
        """Yield the environment variables that name a table of the resource API."""
        for node in self.nodes:
            table = self._table(node) if isinstance(node, ast.Call) else None
            variable = _variable(self._value(table)) if table is not None else None
            if variable:
                yield "TableName", variable

    def _table(self, node: ast.AST | None) -> ast.expr | None:
        """Return the name given in `boto3.resource("dynamodb").Table(name)`; None for anything else."""
        is_table = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and bool(node.args)
        if not is_table or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        made = self._value(node.func.value)
        return (
            node.args[0] if node.func.attr == "Table" and _made_by(made, "resource") == "dynamodb" else None
        )

    def _value(self, node: ast.AST) -> ast.AST:
        return self.bound.get(node.id, node) if isinstance(node, ast.Name) else node


def _bound_once(nodes: list[ast.AST]) -> dict[str, ast.expr]:
    """Return what each name holds that is assigned once and never otherwise bound."""
    values: dict[str, ast.expr] = {}
    times: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            times[node.id] = times.get(node.id, 0) + 1
        elif isinstance(node, ast.arg):
            times[node.arg] = times.get(node.arg, 0) + 2
        elif (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            values[node.targets[0].id] = node.value
    return {name: value for name, value in values.items() if times.get(name) == 1}


def _made_by(node: ast.AST | None, maker: str) -> str | None:
    """Return the service in `boto3.client("service", …)`."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="boto3"), attr=made),
            args=[ast.Constant(value=str(service)), *_],
        ) if made == maker:
            return service
    return None


def _variable(node: ast.AST) -> str | None:
    """Return the variable in `os.environ["X"]`, or in `os.getenv("X")` without a default."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name))], keywords=[]):
            return name
        case ast.Call(
            func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"),
            args=[ast.Constant(value=str(name))],
            keywords=[],
        ):
            return name
    return None
