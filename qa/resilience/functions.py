"""Checks of functions: each region's works by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from qa.probe import lambda_
from qa.wait import WaitTimeoutError, until

from .events import FUNCTIONS, Event, Left, expect_answer, new_event
from .naming import region_of
from .ready import Common, Given, Test, ready
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .naming import Name, Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check


def function_answers(
    function: Name,
    event: Event | None = None,
    expect: object = None,
    *,
    leaves: Sequence[Left] = (),
    **common: Unpack[Common],
) -> Test:
    """The function of each region is ready, wired to its own region, and answers an event as expected.

    In the texts of `event`, `{qa}` is a fresh name of the run; `event` may also be a function that makes an
    event of such a name. `expect` is compared with the answer: of an object only the fields that it names.
    `leaves` tells what the function makes of an event, so that it is removed: `ItemLeft("OrdersTable",
    {"id": "{qa}"})`, `ObjectsLeft("Documents", "orders/{qa}")`. Without an event nothing is invoked.

    Red: not Active; a variable that holds an ARN of another region; an answer that is an error or not the
    expected one: a missing right, a wrong variable or package, a standby that never worked.
    Needs: Lambda, and what the function calls.
    """

    def body(scene: Scene, given: Given) -> None:
        if event is not None:
            scene.will_write(f"invoke {function}")
        functions = scene.estate.everywhere(
            function, FUNCTIONS, regions=given.regions or scene.estate.regions
        )

        def check(region: str) -> None:
            expect_ready(scene, functions[region], within=given.seconds(scene))
            if event is not None:
                expect_answer(scene, functions[region], new_event(scene, event, leaves), expect)

        scene.in_each(functions, check)

    return ready(4, "function_answers", common, body)


def expect_ready(scene: Scene, function: Thing, *, within: float) -> lambda_.FunctionState:
    """Return a function's set-up once it is Active; red if it is not, or points to another region."""
    client = scene.clients.lambda_(function.region)
    try:
        state = until(
            lambda: lambda_.function_state(client, function.name),
            lambda seen: seen is None or (seen.state, seen.last_update_status) == ("Active", "Successful"),
            what=str(function),
            within=within,
        )
    except WaitTimeoutError as late:
        last = late.last
        found = (
            f"{last.state}, {last.last_update_status}" if isinstance(last, lambda_.FunctionState) else last
        )
        raise red(
            function,
            found=f"{found} after {late.elapsed:.0f} s",
            expected="Active, Successful",
            fix="Look at StateReason: its package, its role or its network.",
        ) from late
    if state is None:
        raise red(function, found="no such function", expected="one", fix="Deploy the stack again.")
    foreign = {
        name: value
        for name, value in state.environment.items()
        if region_of(value) not in {None, function.region}
    }
    if foreign:
        raise red(
            function,
            found=f"variables of another region: {foreign}",
            expected=f"ARNs of {function.region}",
            fix="Name the region's own: after the loss of the other one this function would fail.",
        )
    return state
