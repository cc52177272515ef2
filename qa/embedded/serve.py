"""`qa serve`: an embedded AWS for a desk, until Ctrl-C."""

from __future__ import annotations

import functools
import queue
import shlex
import signal
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.private import write_private

from .lambda_.isolation import isolation
from .settings import ADMIN_ACCESS_KEY_ID, Settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from .world import World


# a file or a pipe gets it at once as well, and not when the server ends
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
            allowed_origins=tuple(args.allow_origin),
        )
    )
    # a queue, not an event: a handler that runs inside Event.wait would wait for that event's own lock
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.put(None))
    try:
        server.start()
        exports = exports_of(server.world)
        if args.env_file is not None:
            write_env_file(args.env_file, exports)
        say(greeting(server.world, exports, env_file=args.env_file))
        say(f"Functions are isolated {isolation().summary} (docs/security.md).\n")
        ended.get()
    finally:
        server.close()
    return 0


def exports_of(world: World) -> str:
    """Return the lines that make a shell's AWS commands use the server, its secret among them."""
    return (
        f"export AWS_ENDPOINT_URL={world.endpoint}\n"
        f"export AWS_ACCESS_KEY_ID={ADMIN_ACCESS_KEY_ID}\n"
        f"export AWS_SECRET_ACCESS_KEY={world.settings.admin_secret_access_key}\n"
        "export AWS_DEFAULT_REGION=us-east-1\n"
    )


def write_env_file(path: Path, exports: str) -> None:
    """Write the exports for their owner alone. Raises UsageError when it cannot."""
    try:
        write_private(path, exports)
    except OSError as error:
        raise UsageError(f"--env-file {str(path)!r} cannot be written: {error.strerror}.") from error


def greeting(world: World, exports: str, *, env_file: Path | None = None) -> str:
    """Return what a person needs to use the server: the endpoint and the exports to paste."""
    paste = exports if env_file is None else f"source {shlex.quote(str(env_file))}\n"
    return (
        f"The embedded AWS answers at {world.endpoint} (as if by TLS)\n"
        f"and at {world.insecure_endpoint} (as if without). Ctrl-C ends it; nothing is kept.\n"
        "\n"
        f"{paste}"
        "\n"
        "Then, in that shell: qa deploy --target endpoint\n"
    )
