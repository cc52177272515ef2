"""Lambda's data plane: takes an invocation from its payload to its result, metrics and log."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from moto.sts.models import sts_backends

from . import logs, sandbox, toolchain
from .concurrency import Concurrency
from .environment import INIT_SECONDS, Environment, Event, Result, Status
from .functions import package_digests
from .packages import Packages
from .pool import Pool
from .refusals import LambdaRefusalError, cannot_run, throttled
from .runtime_api import RuntimeApi
from .spawner import Program, Spawner
from .toolchain import ToolchainError

if TYPE_CHECKING:
    from qa.embedded.world import World

    from .functions import FunctionSpec

SESSION_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One request to run a function; `arn` is the one that was requested, with its qualifier."""

    arn: str
    payload: bytes
    reserved: int | None
    """The function's reserved concurrency."""
    request_id: str
    client_context: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What Invoke answers with."""

    payload: bytes
    is_error: bool
    log_tail: bytes


class LambdaService:
    """Runs functions of one embedded AWS. Thread-safe; the invoking thread drives its environment."""

    def __init__(self, world: World, *, init_seconds: float = INIT_SECONDS) -> None:
        self.world = world
        self._init_seconds = init_seconds
        self._concurrency = Concurrency()
        self._spawner = Spawner()
        self._packages = Packages()
        self.pool = Pool(self._launch, lambda: world.settings.function_environments)

    def invoke(self, spec: FunctionSpec, invocation: Invocation) -> Outcome:
        """Run the function once; raises LambdaRefusalError when it is throttled or cannot run here."""
        try:
            with self._concurrency.slot(spec.arn, invocation.reserved) as running:
                self._measure(spec, "ConcurrentExecutions", running)
                return self._run(spec, invocation)
        except LambdaRefusalError as refusal:
            if refusal.error_type == "TooManyRequestsException":
                self._measure(spec, "Throttles", 1)
            raise

    def reset(self) -> None:
        """Forget all environments: their credentials and code are gone."""
        self.pool.close_all()
        self._packages.keep((), home=self._home)

    def retire(self, function_arn: str, *, but_code: str | None = None) -> None:
        """Forget what a function that is gone ran on, or its $LATEST ran on before it got this code."""
        self.pool.retire(function_arn, but_code=but_code)
        self._tidy()

    def close(self) -> None:
        """End all processes and threads."""
        self.pool.close_all()

    def _run(self, spec: FunctionSpec, invocation: Invocation) -> Outcome:
        environment = self.pool.acquire(spec)
        if environment is None:
            raise throttled("ConcurrentInvocationLimitExceeded")
        try:
            failed = self._initialize(environment, invocation.request_id)
            if failed is not None and failed.status is Status.TIMEOUT:
                # as on AWS: init is started over, now within the function's own timeout
                environment = self.pool.start_over(environment)
                failed = environment.initialize(invocation.request_id, seconds=spec.timeout)
            return self._invoke_in(environment, invocation, failed)
        finally:
            self.pool.release(environment)

    def _initialize(self, environment: Environment, request_id: str) -> Result | None:
        if environment.is_initialized:
            return None
        return environment.initialize(request_id, seconds=self._init_seconds)

    def _invoke_in(self, environment: Environment, invocation: Invocation, failed: Result | None) -> Outcome:
        spec = environment.spec
        before = environment.new_output()
        started = time.monotonic()
        result = failed or environment.invoke(
            Event(
                request_id=invocation.request_id,
                arn=invocation.arn,
                payload=invocation.payload,
                timeout=spec.timeout,
                client_context=invocation.client_context,
            )
        )
        seconds = time.monotonic() - started
        messages = [
            logs.start_line(invocation.request_id, spec.version),
            *environment.new_output(),
            *result.remarks,
            *logs.end_lines(invocation.request_id, environment, result, seconds),
        ]
        logs.deliver(self.world, spec, environment.log_stream, [*before, *messages])
        self._measure_invocation(spec, result, seconds)
        return Outcome(payload=result.payload, is_error=result.is_error, log_tail=logs.tail(messages))

    def _launch(self, spec: FunctionSpec) -> Environment:
        try:
            tools = toolchain.find(spec.runtime)
        except ToolchainError as missing:
            raise cannot_run(str(missing)) from missing
        folders = self._folders(spec, tools)
        stream = logs.new_stream(spec.version)
        api = RuntimeApi()
        environment = Environment(spec, folders, stream, api)
        environment.on_close = lambda: self._release(folders)
        try:
            variables = sandbox.environment_variables(
                spec,
                folders,
                self._credentials(spec),
                endpoint=self.world.endpoint,
                runtime_api=api.address,
                log_stream=stream,
            )
            program = Program(
                command=sandbox.command(spec, folders, tools),
                variables=variables,
                folder=folders.task,
                log=folders.log,
                paths=sandbox.paths(folders, tools),
                runtime_api=api,
                endpoint=self.world.endpoint,
            )
            started = self._spawner.start(program)
            environment.attach(started)
            sandbox.limit(started.process.pid, spec)
        except BaseException:
            environment.close()
            raise
        return environment

    def _folders(self, spec: FunctionSpec, tools: toolchain.Toolchain) -> sandbox.Folders:
        home = self._home
        (home / "environments").mkdir(parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(dir=home / "environments"))
        (own / "tmp").mkdir()
        try:
            task = self._packages.hold(spec.code, home=home, node_modules=tools.node_modules)
        except BaseException:
            shutil.rmtree(own, ignore_errors=True)
            raise
        return sandbox.Folders(
            task=task, tmp=own / "tmp", log=own / "log", compile_cache=home / "compile-cache"
        )

    @property
    def _home(self) -> Path:
        return self.world.scratch.resolve() / "lambda"

    def _release(self, folders: sandbox.Folders) -> None:
        self._packages.release(folders.task)
        self._tidy()

    def _tidy(self) -> None:
        self._packages.keep(package_digests(self.world.account_id), home=self._home)

    def _credentials(self, spec: FunctionSpec) -> sandbox.Credentials:
        session = sts_backends[spec.account_id]["aws"].assume_role(
            region_name=spec.region,
            role_session_name=spec.name,
            role_arn=spec.role_arn,
            policy="",
            duration=SESSION_SECONDS,
            external_id="",
        )
        return sandbox.Credentials(
            access_key_id=session.access_key_id,
            secret_access_key=session.secret_access_key,
            session_token=session.session_token,
        )

    def _measure_invocation(self, spec: FunctionSpec, result: Result, seconds: float) -> None:
        self._measure(spec, "Invocations", 1)
        self._measure(spec, "Errors", 1 if result.is_error else 0)
        self._measure(spec, "Throttles", 0)
        self._measure(spec, "Duration", seconds * 1000, unit="Milliseconds")

    def _measure(self, spec: FunctionSpec, name: str, value: float, *, unit: str = "Count") -> None:
        self.world.metrics.put(
            region=spec.region,
            namespace="AWS/Lambda",
            name=name,
            dimensions={"FunctionName": spec.name},
            value=value,
            unit=unit,
        )


def new_request_id() -> str:
    """Return an ID for one invocation."""
    return str(uuid4())
