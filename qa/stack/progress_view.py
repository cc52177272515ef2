"""What the engine tells, as lines or as bars on a console that the caller gives."""

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
    """Each thing told is one line, with the seconds since the start."""

    def __init__(self, console: Console, monotonic: Callable[[], float]) -> None:
        self._console = console
        self._monotonic = monotonic
        self._start = monotonic()

    def tell(self, told: progress.Progress) -> None:
        """Write one line."""
        seconds = self._monotonic() - self._start
        # soft wrap: a pipe has no width, and a reason must not be cut or broken
        self._console.print(
            f"{seconds:7.1f} s  {escape(line_of(told))}",
            style="red" if isinstance(told, StackEvent) and told.is_failure else None,
            highlight=False,
            soft_wrap=True,
        )


def line_of(told: progress.Progress) -> str:
    """Return what was told as one line, without the time."""
    match told:
        case StackEvent():
            reason = f": {told.reason}" if told.reason else ""
            return f"{told.region}  {told.status:<20} {told.logical_id} ({told.resource_type}){reason}"
        case OperationBegan():
            count = f", {told.resources} resources" if told.resources else ""
            return f"{told.region}  {PAST[told.verb]} {told.stack_name}{count}"
        case OperationEnded():
            return f"{told.region}  {told.stack_name}: {told.outcome}"
        case Notice():
            return told.text


class Bars:
    """A bar per region; what a person may want to read again stays above as lines."""

    def __init__(self, lines: Lines, bars: Progress) -> None:
        self._lines = lines
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._finished: dict[str, set[str]] = {}

    def tell(self, told: progress.Progress) -> None:
        """Move the bar of the region, or write a line above the bars."""
        match told:
            case StackEvent():
                self._move(told)
            case OperationBegan():
                self._begin(told)
            case _:
                self._lines.tell(told)

    def _begin(self, told: OperationBegan) -> None:
        self._finished[told.region] = set()
        if told.region in self._tasks:
            self._bars.remove_task(self._tasks[told.region])
        self._tasks[told.region] = self._bars.add_task(
            f"{PAST[told.verb]} {told.stack_name}",
            total=told.resources or None,
            region=told.region,
            last="",
        )

    def _move(self, event: StackEvent) -> None:
        if event.is_failure:
            self._lines.tell(event)
        if event.region not in self._tasks:
            return  # an operation that somebody else began
        finished = self._finished[event.region]
        if event.status.endswith("_COMPLETE") and not event.is_of_stack:
            finished.add(event.logical_id)
        self._bars.update(
            self._tasks[event.region],
            completed=len(finished),
            last=f"{event.logical_id} {event.status}",
        )
