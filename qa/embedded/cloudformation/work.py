"""Work on a stack that outlives the request which asked for it."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from . import rights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from qa.embedded.world import Caller, World

    from .stacks import Stack

log = logging.getLogger(__name__)

# Seconds an answer waits for its work: a stack of thirty resources takes 0.2 s, and a client that
# then polls every 30 s (the waiters of boto3) sees it done. Longer work goes on behind the answer.
PATIENCE = 2.0


def start(world: World, stack: Stack, job: Callable[[], None]) -> None:
    """Run the job on a thread of its own, as the caller of this request."""
    acting = _as_the_caller(world)

    def run() -> None:
        with acting:
            try:
                job()
            except Exception as broken:  # a stack must never stay in progress for ever
                log.exception("the work on stack %s failed", stack.name)
                verb = (
                    stack.status.removesuffix("_IN_PROGRESS")
                    .removesuffix("_CLEANUP")
                    .removesuffix("_COMPLETE")
                )
                stack.enter(f"{verb}_FAILED", f"the embedded AWS failed: {broken!r}")

    thread = threading.Thread(target=run, name=f"qa-stack-{stack.name}", daemon=True)
    thread.start()
    thread.join(PATIENCE)


def _as_the_caller(world: World) -> AbstractContextManager[None]:
    try:
        authorizer = world.authorizer
    except RuntimeError:  # no iam package is installed: nobody asks who the caller is
        return nullcontext()
    return _acting(world, authorizer.current())


@contextmanager
def _acting(world: World, caller: Caller) -> Iterator[None]:
    with world.authorizer.acting_as(caller), rights.judging(world):
        yield
