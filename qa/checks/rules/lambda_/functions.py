"""Lambda functions: runtime and concurrency."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from qa import schemas
from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule
from qa.template.serverless import FUNCTION as SERVERLESS_FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack

_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg"
_FUNCTIONS = ("AWS::Lambda::Function", SERVERLESS_FUNCTION)
_KEPT_FREE = 100
"""Concurrent executions that AWS keeps for the functions without a reservation; all where there are fewer."""


@rule("deprecated-runtime", severity=Severity.WARNING, source=f"{_GUIDE}/lambda-runtimes.html")
def deprecated_runtime(context: Context) -> Iterator[Fault]:
    """A Lambda runtime past its deprecation date.

    After that date it gets no security patches; after a later one no function with it can be created,
    which makes this an error. The dates are Lambda's, from the schemas that cfn-lint ships.
    """
    lifecycle = schemas.runtime_lifecycle()
    for stack in context.stacks:
        for function in stack.of_type(*_FUNCTIONS):
            runtime = function.properties.get("Runtime")
            dates = lifecycle.get(runtime, {}) if isinstance(runtime, str) else {}
            deprecated = _day(dates.get("deprecated"))
            if deprecated is None or context.today < deprecated:
                continue
            blocked = _day(dates.get("create-block"))
            is_blocked = blocked is not None and context.today >= blocked
            ends = f"; no function with it can be created {'since' if is_blocked else 'from'} {blocked}"
            yield Fault(
                region=stack.region,
                severity=Severity.ERROR if is_blocked else None,
                path=stack.path_of(function.logical_id, "Runtime"),
                message=f"runtime {runtime} is deprecated since {deprecated}{ends if blocked else ''}",
                actual=runtime,
                expected=f"a runtime that is supported on {context.today}",
                fix=_instead(dates.get("successor")),
            )


def _instead(successor: str | None) -> str:
    return f"move to {successor}" if successor else "move to a supported runtime"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@rule("reserved-concurrency", severity=Severity.WARNING, source=f"{_GUIDE}/configuration-concurrency.html")
def reserved_concurrency(context: Context) -> Iterator[Fault]:
    """Reserved concurrency that the account's pool does not hold.

    A reservation is taken out of the region's pool, and AWS refuses one that leaves less than 100 for all
    other functions. A new account has 10 in all: there any reservation fails. With --concurrency-limit
    the reservations of the stack are added up against the account's limit and too many are an error.
    Without it each is a warning that names the limit it needs. A reservation of 0 takes nothing.
    It also caps the function: for one that has to take over a region's load, leave it out.
    """
    for stack in context.stacks:
        total = sum(amount for _, amount in _reservations(stack))
        needed = total + _KEPT_FREE
        limit = context.concurrency_limit
        if limit is not None and total + min(_KEPT_FREE, limit) <= limit:
            continue
        for logical_id, amount in _reservations(stack):
            yield Fault(
                region=stack.region,
                severity=None if limit is None else Severity.ERROR,
                path=stack.path_of(logical_id, "ReservedConcurrentExecutions"),
                message=f"{logical_id} reserves {amount} concurrent executions{_of(limit, total, amount)}",
                actual=amount,
                expected=f"an account limit of at least {needed}: {total} reserved by this stack and "
                f"{_KEPT_FREE} that AWS keeps free"
                + (f", not {limit}" if limit is not None else "; new accounts have 10"),
                fix="take ReservedConcurrentExecutions out: the function then scales to what the account has",
            )


def _reservations(stack: RegionalStack) -> list[tuple[str, int]]:
    found = []
    for function in stack.of_type(*_FUNCTIONS):
        written = str(function.properties.get("ReservedConcurrentExecutions", ""))
        if written.isascii() and written.isdigit() and int(written[:9]) > 0:
            found.append((function.logical_id, int(written[:9])))
    return found


def _of(limit: int | None, total: int, amount: int) -> str:
    if limit is None:
        return ""
    return f" of the account's {limit}" + (f"; the stack {total} in all" if total != amount else "")
