"""What the engine reports, as lines or as bars on a console that the caller gives."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from .progress import Notice, OperationBegan, OperationEnded, StackEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from . import progress
    from .progress import Tell

PAST = {"create": "creating", "update": "updating", "delete": "deleting"}


@contextmanager
def progress_view(console: Console, *, monotonic: Callable[[], float] = time.monotonic) -> Iterator[Tell]:
    """Yield a listener for the engine: a bar per region on a terminal, plain lines elsewhere."""
    lines = Lines(console, monotonic)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lines.tell
        return
    columns = (
        TextColumn("{task.fields[region]}"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield Bars(lines, bars).tell


class Lines:
    """Each event is one line, with the seconds since the start."""

    def __init__(self, console: Console, monotonic: Callable[[], float]) -> None:
        self._console = console
        self._monotonic = monotonic
        self._start = monotonic()
        self._stacks: set[str] = set()

    def tell(self, event: progress.Progress) -> None:
        """Write one line."""
        seconds = self._monotonic() - self._start
        if isinstance(event, OperationBegan):
            self._stacks.add(event.stack_name)
        line = line_of(event, names_stack=len(self._stacks) > 1)
        # soft wrap: a pipe has no width, and a reason must not be cut or broken
        self._console.print(
            f"{seconds:7.1f} s  {escape(line)}",
            style="red" if isinstance(event, StackEvent) and event.is_failure else None,
            highlight=False,
            soft_wrap=True,
        )


def line_of(event: progress.Progress, *, names_stack: bool = False) -> str:
    """Return what was event as one line, without the time; an event's stack where there are several."""
    match event:
        case StackEvent():
            reason = f": {event.reason}" if event.reason else ""
            where = f"{event.region}  {event.stack_name}" if names_stack else event.region
            return f"{where}  {event.status:<20} {event.logical_id} ({event.resource_type}){reason}"
        case OperationBegan():
            count = f", {event.resources} resources" if event.resources else ""
            return f"{event.region}  {PAST[event.verb]} {event.stack_name}{count}"
        case OperationEnded():
            return f"{event.region}  {event.stack_name}: {event.outcome}"
        case Notice():
            return event.text


class Bars:
    """A bar per stack and region; what a person may want to read again stays above as lines."""

    def __init__(self, lines: Lines, bars: Progress) -> None:
        self._lines = lines
        self._bars = bars
        self._tasks: dict[tuple[str, str], TaskID] = {}  # by stack and region
        self._finished: dict[tuple[str, str], set[str]] = {}

    def tell(self, event: progress.Progress) -> None:
        """Move the bar of the region, or write a line above the bars."""
        match event:
            case StackEvent():
                self._move(event)
            case OperationBegan():
                self._begin(event)
            case _:
                self._lines.tell(event)

    def _begin(self, told: OperationBegan) -> None:
        place = (told.stack_name, told.region)
        self._finished[place] = set()
        if place in self._tasks:
            self._bars.remove_task(self._tasks[place])
        self._tasks[place] = self._bars.add_task(
            f"{PAST[told.verb]} {told.stack_name}",
            total=told.resources or None,
            region=told.region,
            last="",
        )

    def _move(self, event: StackEvent) -> None:
        if event.is_failure:
            self._lines.tell(event)
        place = (event.stack_name, event.region)
        if place not in self._tasks:
            return  # an operation that somebody else began
        finished = self._finished[place]
        if event.status.endswith("_COMPLETE") and not event.is_of_stack:
            finished.add(event.logical_id)
        self._bars.update(
            self._tasks[place],
            completed=len(finished),
            last=f"{event.logical_id} {event.status}",
        )
