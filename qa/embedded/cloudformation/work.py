"""Work on a stack that outlives the request that requested it."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

    from .stacks import Stack

log = logging.getLogger(__name__)

# Seconds an answer waits for its work: a stack of thirty resources takes 0.2 s, and a client that
# then polls every 30 s (the waiters of boto3) sees it done. Longer work goes on behind the answer.
PATIENCE = 2.0


def start(world: World, stack: Stack, job: Callable[[], None]) -> None:
    """Run the job on a thread of its own, as the caller of this request."""
    caller = world.authorizer.current()

    def run() -> None:
        with world.authorizer.acting_as(caller):
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
