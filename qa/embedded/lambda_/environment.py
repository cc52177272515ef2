"""One execution environment: a Node process, its Runtime API and its log."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from .runtime_api import Call, RuntimeApi, Silence
from .sandbox import peak_memory, signal_group

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from .functions import FunctionSpec
    from .sandbox import Folders
    from .spawner import Started

RESPONSE_LIMIT = 6_291_556
INIT_SECONDS = 10.0
_LOG_ROTATION = 1 << 20
_LOG_LIMIT = 4 << 20  # bytes of one invocation's output that are kept


class Status(Enum):
    """How an invocation ended, in the words of the REPORT line."""

    SUCCESS = "success"
    ERROR = "error"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One invocation as the runtime sees it; `timeout` in seconds."""

    request_id: str
    arn: str
    payload: bytes
    timeout: float
    client_context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of an invocation; `remarks` are the platform's own lines for the log."""

    status: Status
    payload: bytes
    remarks: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """True when the caller sees FunctionError."""
        return self.status is not Status.SUCCESS


class Environment:
    """A started process for one function. One invocation at a time; frozen in between."""

    def __init__(self, spec: FunctionSpec, folders: Folders, log_stream: str, api: RuntimeApi) -> None:
        self.spec = spec
        self.log_stream = log_stream
        self.is_usable = True
        self.on_close: Callable[[], None] = lambda: None
        self.init_seconds: float | None = None
        """How long init took, until the first invocation has reported it."""
        self._folders = folders
        self._api = api
        self._started: Started | None = None
        self._waiting: Call | None = None
        self._log_read = 0
        self._is_closed = False

    def attach(self, started: Started) -> None:
        """Take charge of the started process."""
        self._started = started
        self._api.watch(started.process)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The Node process."""
        if self._started is None:
            raise RuntimeError("the environment has not been started")
        return self._started.process

    @property
    def is_alive(self) -> bool:
        """False for a process that somebody has killed while it was frozen."""
        return self.process.poll() is None

    @property
    def is_initialized(self) -> bool:
        """True once the runtime has requested an event."""
        return self._waiting is not None

    def initialize(self, request_id: str, *, seconds: float) -> Result | None:
        """Let the runtime load the handler; return None when it is ready, else what went wrong."""
        started = time.monotonic()
        called = self._api.receive(started + seconds)
        self.init_seconds = time.monotonic() - started
        if isinstance(called, Silence):
            self.is_usable = False
            return self._silent(called, request_id, seconds)
        if called.route == "/invocation/next":
            self._waiting = called
            return None
        called.answer(202)
        self.is_usable = False
        return Result(status=Status.ERROR, payload=called.body)

    def invoke(self, event: Event) -> Result:
        """Run the handler once. Afterwards `is_usable` says whether the environment can be kept."""
        if self._waiting is None:
            raise RuntimeError("the runtime has not requested an event")
        deadline = time.monotonic() + event.timeout
        signal_group(self.process, signal.SIGCONT)
        self._waiting.answer(200, event.payload, _headers(event))
        self._waiting = None
        result = self._outcome(event, deadline)
        return self._until_next(result, event, deadline)

    def freeze(self) -> None:
        """Stop the process until the next invocation, as AWS does."""
        signal_group(self.process, signal.SIGSTOP)

    def peak_memory(self) -> int:
        """Return the process's peak memory in MB, at most what it was given."""
        return min(peak_memory(self.process, otherwise=self.spec.memory_size), self.spec.memory_size)

    def new_output(self) -> list[str]:
        """Return what was written to stdout and stderr since the last call, one entry per message."""
        with self._folders.log.open("r+b") as log:
            size = log.seek(0, os.SEEK_END)
            start = max(self._log_read, size - _LOG_LIMIT)
            skipped = start - self._log_read
            log.seek(start)
            output = log.read(size - start)
            self._log_read = size
            if self._log_read > _LOG_ROTATION:
                log.truncate(0)
                self._log_read = 0
        lines = output.decode("utf-8", "replace").split("\n")
        kept = [line.replace("\r", "\n") for line in lines if line]
        return [f"({skipped} bytes before this were left out)", *kept] if skipped else kept

    def kill(self) -> None:
        """End the process and all it started; what waits for it is notified."""
        self.is_usable = False
        if self._started is not None:
            self._started.kill()

    def close(self) -> None:
        """Kill, reap and remove everything; again does nothing. Only for who holds the environment."""
        if self._is_closed:
            return
        self._is_closed = True
        self.kill()
        if self._started is not None:
            self._started.close()
        self._api.close()
        shutil.rmtree(self._folders.tmp.parent, ignore_errors=True)
        self.on_close()

    def _outcome(self, event: Event, deadline: float) -> Result:
        while True:
            called = self._api.receive(deadline)
            if isinstance(called, Silence):
                self.is_usable = False
                return self._silent(called, event.request_id, event.timeout)
            if called.method == "POST" and called.route == f"/invocation/{event.request_id}/response":
                return _response(called)
            if called.method == "POST" and called.route == f"/invocation/{event.request_id}/error":
                called.answer(202)
                return Result(status=Status.ERROR, payload=called.body)
            called.answer(404)

    def _until_next(self, result: Result, event: Event, deadline: float) -> Result:
        """Wait until the runtime is ready for more; the answer stands even if it never is."""
        while self.is_usable:
            called = self._api.receive(deadline)
            if isinstance(called, Silence):
                self.is_usable = False
                silent = self._silent(called, event.request_id, event.timeout)
                return Result(status=result.status, payload=result.payload, remarks=silent.remarks)
            if called.route == "/invocation/next":
                self._waiting = called
                break
            called.answer(404)
        return result

    def _silent(self, silence: Silence, request_id: str, seconds: float) -> Result:
        if silence is Silence.TIMED_OUT:
            self.kill()
            problem = f"Task timed out after {seconds:.2f} seconds"
            return Result(
                status=Status.TIMEOUT,
                payload=_error("Sandbox.Timedout", f"RequestId: {request_id} Error: {problem}"),
                remarks=(f"{_now()} {request_id} {problem}",),
            )
        problem = f"RequestId: {request_id} Error: {_ending(self.process.wait())}"
        return Result(
            status=Status.ERROR,
            payload=_error("Runtime.ExitError", problem),
            remarks=(f"{problem}\nRuntime.ExitError",),
        )


def _headers(event: Event) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": event.request_id,
        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + event.timeout) * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": event.arn,
    }
    if event.client_context is not None:
        headers["Lambda-Runtime-Client-Context"] = event.client_context
    return headers


def _response(called: Call) -> Result:
    if len(called.body) <= RESPONSE_LIMIT:
        called.answer(202)
        return Result(status=Status.SUCCESS, payload=called.body)
    called.answer(413)
    message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
    return Result(status=Status.ERROR, payload=_error("Function.ResponseSizeTooLarge", message))


def _ending(code: int) -> str:
    if code == 0:
        return "Runtime exited without providing a reason"
    if code > 0:
        return f"Runtime exited with error: exit status {code}"
    names = {signal.SIGABRT: "aborted", signal.SIGKILL: "killed", signal.SIGSEGV: "segmentation fault"}
    number = -code
    name = names.get(signal.Signals(number), signal.Signals(number).name)
    return f"Runtime exited with error: signal: {name}"


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{int(time.time() * 1000) % 1000:03d}Z"
