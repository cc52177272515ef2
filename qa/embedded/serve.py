"""`qa serve`: an embedded AWS for a desk, until Ctrl-C."""

from __future__ import annotations

import functools
import queue
import signal
from typing import TYPE_CHECKING

from .settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


# a file or a pipe is told at once as well, and not when the server ends
SAY = functools.partial(print, flush=True)


def run(args: argparse.Namespace, *, say: Callable[[str], object] = SAY) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    from .server import Server  # noqa: PLC0415 - moto takes a second to import; --help need not wait

    server = Server(
        Settings(
            port=args.port,
            insecure_port=args.insecure_port,
            table_replication_lag=args.table_lag,
            document_replication_lag=args.document_lag,
            alarm_interval=args.alarm_interval,
        )
    )
    # a queue, not an event: a handler that runs inside Event.wait would wait for that event's own lock
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.put(None))
    try:
        server.start()
        say(greeting(server.world.endpoint, server.world.insecure_endpoint))
        ended.get()
    finally:
        server.close()
    return 0


def greeting(endpoint: str, insecure_endpoint: str) -> str:
    """Return what a person needs to use the server: the endpoint and the exports to paste."""
    return (
        f"The embedded AWS answers at {endpoint} (as if by TLS)\n"
        f"and at {insecure_endpoint} (as if without). Ctrl-C ends it; nothing is kept.\n"
        "\n"
        f"export AWS_ENDPOINT_URL={endpoint}\n"
        f"export AWS_ACCESS_KEY_ID={ADMIN_ACCESS_KEY_ID}\n"
        f"export AWS_SECRET_ACCESS_KEY={ADMIN_SECRET_ACCESS_KEY}\n"
        "export AWS_DEFAULT_REGION=us-east-1\n"
        "\n"
        "Then, in that shell: qa deploy --target endpoint\n"
    )
