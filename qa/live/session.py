"""The controller's side of a live run: what happens before the first check and after the last."""

from __future__ import annotations

import dataclasses
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import Settings
from qa.stack.admission import admitted
from qa.stack.clients import Clients
from qa.stack.dead import forget_dead_runs
from qa.stack.deploy import deploy
from qa.stack.identity import caller_account
from qa.stack.live import live_outputs
from qa.stack.outputs import Outputs, merge_outputs, outputs_path, record_path
from qa.stack.outputs_reading import Expected, read_outputs
from qa.stack.preparation import project_digest
from qa.stack.run import OWN, RunAbout, new_run_id, run_at
from qa.stack.sweep import sweep_run
from qa.stack.target import TargetKind

from .handover import EMBEDDED_CREDENTIALS, Live
from .reachability import is_reachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.project import Deployment, Project
    from qa.stack.run import Run
    from qa.stack.target import Target

EMBEDDED_SETTINGS = Settings(
    # shorter than on AWS, long enough to be seen: a check must wait, and must not wait for minutes
    table_replication_lag=0.3,
    document_replication_lag=1.0,
    alarm_interval=2.0,
    # 75 MB each with three SDK clients: six of the two functions fit the 600 MB of a whole run
    function_environments=6,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What the command line requests."""

    project: Project
    target: Target
    deployment: Deployment
    accepts_template: bool = False
    writes: bool = False


@dataclass(slots=True, kw_only=True)
class LiveSession:
    """One live run, from `start` to `stop`; `stop` may be called at any time and more than once."""

    request: RunRequest
    tell: Callable[[str], None] = lambda _: None
    """Takes what a person is to know before the target is touched."""
    seed: Callable[[Clients, Deployment], None] = lambda _clients, _deployment: None
    """Makes what the stacks need before a deployment of the run's own."""
    live: Live | None = None
    leftovers: int = 0
    calls: tuple[int, int] | None = None
    """Requests that the checks sent, and how many they were allowed; None without a budget."""
    death: str | None = None
    """How the run's own server ended, if it did before the run."""
    server: EmbeddedProcess | None = None
    _accounts: frozenset[str] = frozenset()
    """Of all regions, where it is not the run's own server."""
    _ending: ExitStack = field(default_factory=ExitStack)

    def start(self, prepare: Callable[[Live, Clients], dict[str, Any]]) -> Live:
        """Bring the target to where checks can begin, and return what they need to know.

        On the embedded AWS: a server of this run's own, what `seed` makes there, and all stacks deployed.
        Elsewhere: the outputs of a deployment that is about this account, these regions and these templates,
        or of the stacks as they stand where no deployment wrote any. Raises QaError when it cannot, and
        DeployError when a stack itself fails.
        """
        forget_dead_runs(self.request.project)
        run = run_at(self.request.project.root, new_run_id())
        self._ending.callback(forget_empty, run)
        self._ending.callback(run.stay_alive().release)
        target = self._reachable_target()
        account = self._account(target)
        run.begin(
            RunAbout(target=target.title, account=account, stack_name=self.request.deployment.title),
            calls=None if target.kind is TargetKind.EMBEDDED else self.request.project.safety.calls_per_run,
        )
        clients = Clients(target, meter=run.call_meter)
        outputs = self._outputs(target, clients, account, run)
        live = Live(
            run=run,
            target=target,
            deployment=self.request.deployment,
            account=account,
            outputs=outputs,
            writes=self.request.writes or self.request.project.safety.writes,
        )
        self.live = live
        self.live = dataclasses.replace(live, prepared=prepare(live, clients))
        return self.live

    def _reachable_target(self) -> Target:
        target = self.request.target
        if target.kind is not TargetKind.EMBEDDED:
            return self.request.project.reached(target, self.request.deployment)
        self.server = start_embedded(EMBEDDED_SETTINGS)
        self._ending.callback(self.server.stop)
        return target.at(self.server.endpoint, EMBEDDED_CREDENTIALS)

    def _account(self, target: Target) -> str:
        """Return the account, announced and held to `[tool.qa.safety]` unless it is the run's own."""
        deployment = self.request.deployment
        if target.kind is TargetKind.EMBEDDED:
            return caller_account(Clients(target), deployment.regions.primary)
        touched = admitted(Clients(target), deployment, self.request.project.safety)
        self.tell(touched.text)
        self._accounts = frozenset(each.account for each in touched.callers.values())
        return touched.caller.account

    def _outputs(self, target: Target, clients: Clients, account: str, run: Run) -> Outputs:
        project, deployment = self.request.project, self.request.deployment
        if target.kind is TargetKind.EMBEDDED:
            path = outputs_path(project.outputs, target, run_id=run.run_id)
            self._ending.callback(shutil.rmtree, path.parent, ignore_errors=True)
            self.seed(clients, deployment)
            return deploy(project, deployment, clients, outputs_to=path)
        path = outputs_path(project.outputs, target)
        if not path.exists() and not record_path(path).exists():
            by_stack = live_outputs(clients, deployment)
            return Outputs(
                values=merge_outputs(each for regions in by_stack.values() for each in regions.values()),
                source=path,
                by_stack=by_stack,
            )
        return read_outputs(
            path,
            Expected(
                target=target,
                account=account,
                accounts=self._accounts,
                regions=deployment.region_names,
                suffix=deployment.suffix,
                template_digest=project_digest(project),
                stacks=tuple((place.name, place.region) for place in deployment.places),
            ),
            accepts_template=self.request.accepts_template,
        )

    def stop(self) -> None:
        """Remove what the run made, end the server, and keep the run's folder only if something is left."""
        live, self.live = self.live, None
        try:
            if self.server is not None and not self.server.is_alive():
                self.death = self.server.last_words()
            elif live is not None:
                # should the sweep break off, the ledger has to outlive it
                self.leftovers = len(live.run.ledger.remaining())
                if is_reachable(live.target):
                    # not read from the ledger again: a full disk does not take what was removed
                    self.leftovers = len(sweep_run(Clients(live.target), live.run).failed)
        finally:
            meter = None if live is None else live.run.call_meter
            self.calls = None if meter is None else (meter.used, meter.limit)
            self._ending.close()
            if live is not None and (not self.leftovers or live.target.kind is TargetKind.EMBEDDED):
                live.run.forget()


def forget_empty(run: Run) -> None:
    """Remove the folder of a run that never came so far as to make anything."""
    if run.folder.is_dir() and {each.name for each in run.folder.iterdir()} <= OWN - {"ledger.jsonl"}:
        run.forget()
