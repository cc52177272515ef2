"""Starting and stopping an embedded AWS that is a process of its own."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from qa.errors import QaError

if TYPE_CHECKING:
    from pathlib import Path

    from .settings import Settings


STARTED_WITHIN = 300.0
"""Seconds; it takes 2 on a quiet machine."""


class EmbeddedError(QaError):
    """The embedded AWS did not start, or died."""


@dataclass(slots=True, kw_only=True)
class EmbeddedProcess:
    """A running embedded AWS. Call `stop`; if the process that started it dies, it ends by itself."""

    endpoint: str
    insecure_endpoint: str
    _process: subprocess.Popen[bytes]
    _log: IO[bytes]

    @property
    def pid(self) -> int:
        """The server's process ID."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def log_tail(self) -> str:
        """Return the last 4 KB that the server wrote to standard error."""
        size = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, size - 4096))
        return self._log.read().decode("utf-8", "replace")

    def last_words(self) -> str:
        """Return how an ended server ended, in one line, and what it wrote last below."""
        return f"it ended with {self._process.returncode}\n{self.log_tail()}".rstrip()

    def stop(self) -> None:
        """End the server and wait for it; after 10 s by force."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()


def start_embedded(
    settings: Settings, *, cwd: Path | None = None, within: float = STARTED_WITHIN
) -> EmbeddedProcess:
    """Start a server and return when it answers; one that does not within so many seconds is ended.

    Its environment holds none of this process's AWS settings, and it reads no file of the user's about AWS.
    Raises EmbeddedError with the server's last words when it cannot start.
    """
    log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.embedded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=cwd,
        env=_environment(),
        # Ctrl-C reaches the whole foreground group: the run stops its server itself, after the clean-up
        start_new_session=True,
    )
    _send(settings, process)
    ready = _ready(process, within)
    running = EmbeddedProcess(
        endpoint=ready.get("endpoint", ""),
        insecure_endpoint=ready.get("insecure_endpoint", ""),
        _process=process,
        _log=log,
    )
    if "error" in ready:
        tail = running.log_tail()
        running.stop()
        raise EmbeddedError(f"the embedded AWS did not start: {ready['error']}\n{tail}".rstrip())
    return running


def _ready(process: subprocess.Popen[bytes], within: float) -> dict[str, str]:
    """Return what the server says first, or the error that it says nothing."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(within, end)
    timer.daemon = True
    timer.start()
    try:
        first = process.stdout.readline() if process.stdout else b""
    finally:
        timer.cancel()
    if first:
        ready: dict[str, str] = json.loads(first)
        return ready
    if late.is_set():
        return {"error": f"it did not answer within {within:g} s and was ended"}
    return {"error": "it ended without a word"}


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def _send(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Hand the settings over by the pipe: a command line, secret and all, can be read by every user."""
    if process.stdin is None:
        return
    with suppress(BrokenPipeError):  # it has ended; its last words say why
        process.stdin.write(json.dumps(dataclasses.asdict(settings)).encode() + b"\n")
        process.stdin.flush()


def kill(process_id: int) -> None:
    """End a server without its leave, for tests of what happens then."""
    os.kill(process_id, signal.SIGKILL)
