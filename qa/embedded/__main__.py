"""An embedded AWS as a child process: `python -m qa.embedded`, settings as a line of JSON on stdin.

Prints one JSON line when it answers with its endpoints, and ends when its standard input closes, so
that it cannot outlive a parent that was killed.
"""

from __future__ import annotations

import json
import queue
import signal
import sys
import threading
from typing import TYPE_CHECKING

from qa.errors import QaError, needing_packages

from .settings import Settings

if TYPE_CHECKING:
    from .server import Server


def main() -> int:
    """Serve until standard input ends or SIGTERM comes; 2 when the server could not start."""
    try:
        server = _started(Settings(**json.loads(sys.stdin.buffer.readline() or b"{}")))
    except QaError as error:
        print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201 - the parent reads this line
        return 2
    # a queue, not an event: a handler that runs inside Event.wait would wait for that event's own lock
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.put(None))
    threading.Thread(target=_watch_parent, args=(ended,), daemon=True).start()
    world = server.world
    ready = {"endpoint": world.endpoint, "insecure_endpoint": world.insecure_endpoint}
    print(json.dumps(ready), flush=True)  # noqa: T201 - as above
    ended.get()
    server.close()
    return 0


def _started(settings: Settings) -> Server:
    with needing_packages("it"):
        from .server import Server  # noqa: PLC0415 - moto may be absent, and the parent must learn it
    server = Server(settings)
    try:
        server.start()
    except QaError:
        server.close()
        raise
    return server


def _watch_parent(ended: queue.SimpleQueue[None]) -> None:
    while sys.stdin.buffer.read(1):
        pass
    ended.put(None)


if __name__ == "__main__":
    raise SystemExit(main())
