"""Moments of a run at which something is killed: named by what the run just does, or drawn."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack.clients import Clients
from qa.stack.ledger import ObjectEntry
from qa.stack.outputs import record_path
from qa.stack.run import Run
from qa.stack.target import Target, TargetKind

from .processes import FUNCTION, SERVER, WORKER, descendants

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from .desk import Desk, Started

PREPARED_ITEMS = 2
"""Items that the processors write before the first check; one more is a check's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A run under way, as moments look at it."""

    desk: Desk
    run: Started
    target: str
    usual_seconds: float
    """How long a run that nobody disturbs takes here."""
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long the run has been under way."""
        return time.monotonic() - self.began

    @property
    def servers(self) -> tuple[int, ...]:
        """The AWS that the run talks to: its own, or the one that outlives it."""
        own = descendants(self.run.process.pid, containing=SERVER)
        return own if self.target == "embedded" else (self.desk.server.pid,)

    @property
    def functions(self) -> tuple[int, ...]:
        """The functions alive there."""
        return tuple(each for server in self.servers for each in descendants(server, containing=FUNCTION))

    @property
    def workers(self) -> tuple[int, ...]:
        """The run's workers."""
        return descendants(self.run.process.pid, containing=WORKER)

    @property
    def own_outputs(self) -> Path | None:
        """The outputs that the run deployed for itself."""
        found = sorted(self.desk.project.outputs.glob("embedded/*/flat-outputs.json"))
        return found[0] if found else None

    def clients(self) -> Clients | None:
        """Return an administrator's clients of the run's AWS; None before its stacks stand."""
        if self.target == "endpoint":
            return self.desk.clients
        if self.own_outputs is None:
            return None
        endpoint = json.loads(record_path(self.own_outputs).read_text(encoding="utf-8"))["endpoint"]
        return Clients(Target(kind=TargetKind.ENDPOINT, endpoint=endpoint, credentials=EMBEDDED_CREDENTIALS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something is killed. `holds_alarms`: no drilled alarm is to return before it was looked at."""

    name: str
    reached: Callable[[Scene], bool]
    holds_alarms: bool = False
    share: float = 0.0
    """The part of the life after which a drawn moment comes."""


def in_ledger(kind: str, *, more_than: int = 0) -> Callable[[Scene], bool]:
    """Say whether the run is about to make a thing of this kind, or has just made it."""
    return lambda scene: _made(scene, kind) > more_than


def _made(scene: Scene, kind: str) -> int:
    lines = scene.run.ledger().splitlines()
    return sum(1 for line in lines if '"event": "made"' in line and f'"kind": "{kind}"' in line)


def has_begun(scene: Scene) -> bool:
    """Say whether the run has its folder and its lock, and nothing else."""
    return scene.run.folder is not None


def deploys(scene: Scene) -> bool:
    """Say whether the run deploys to an AWS of its own."""
    return any((scene.desk.project.outputs / "embedded").glob("qa-*"))


def writes_outputs(scene: Scene) -> bool:
    """Say whether the run has handed over the outputs of its own deployment."""
    return scene.own_outputs is not None


def knows_its_target(scene: Scene) -> bool:
    """Say whether the run has written down what it works on."""
    return scene.run.folder is not None and (scene.run.folder / "run.json").exists()


def is_replicating(scene: Scene) -> bool:
    """Say whether one of the run's documents is on its way to the other region."""
    clients, folder = scene.clients(), scene.run.folder
    if clients is None or folder is None:
        return False
    for entry in Run(run_id=folder.name, folder=folder).ledger.remaining():
        if isinstance(entry, ObjectEntry):
            try:
                response = clients.s3(entry.region).head_object(Bucket=entry.bucket, Key=entry.key)
            except (ClientError, BotoCoreError):
                continue
            if response.get("ReplicationStatus") == "PENDING":
                return True
    return False


def is_drilling(scene: Scene) -> bool:
    """Say whether an alarm stands in ALARM because the run put it there."""
    clients = scene.clients()
    return clients is not None and "in a drill" in scene.desk.alarms(clients).values()


def cleans_up(scene: Scene) -> bool:
    """Say whether every check has reported, so that only the end of the run is left."""
    return "[100%]" in scene.run.output()


def writes_report(scene: Scene) -> bool:
    """Say whether the run has begun to write its report."""
    return any((scene.desk.root / "reports").glob("qa-*"))


NAMED = (
    Moment(name="it has begun", reached=has_begun),
    Moment(name="it knows its target", reached=knows_its_target),
    Moment(name="before its first documents", reached=in_ledger("documents")),
    Moment(name="before its first object", reached=in_ledger("object")),
    Moment(name="a document replicates", reached=is_replicating),
    Moment(name="before a check's item", reached=in_ledger("item", more_than=PREPARED_ITEMS)),
    Moment(name="before a mute rule", reached=in_ledger("mute-rule"), holds_alarms=True),
    Moment(name="before an alarm's state", reached=in_ledger("alarm-state"), holds_alarms=True),
    Moment(name="in the middle of a drill", reached=is_drilling, holds_alarms=True),
    Moment(name="before a queue", reached=in_ledger("queue")),
    Moment(name="before a subscription", reached=in_ledger("subscription")),
    Moment(name="it cleans up", reached=cleans_up),
    Moment(name="it writes its report", reached=writes_report),
    Moment(name="its AWS starts", reached=lambda scene: bool(scene.servers)),
    Moment(name="it deploys", reached=deploys),
    Moment(name="it writes its outputs", reached=writes_outputs),
    Moment(name="a worker starts", reached=lambda scene: bool(scene.workers)),
    Moment(name="a function starts", reached=lambda scene: bool(scene.functions)),
)


def named(*names: str) -> tuple[Moment, ...]:
    """Return moments by their names, in this order."""
    by_name = {moment.name: moment for moment in NAMED}
    return tuple(by_name[name] for name in names)


def drawn(count: int, source: random.Random) -> tuple[Moment, ...]:
    """Return moments drawn over the whole life of a run, one in each of as many equal parts."""
    return tuple(_at((part + source.random()) / count) for part in range(count))


def sooner(moment: Moment) -> Moment:
    """Return a drawn moment again, for a life that was shorter than expected; a known one as it is."""
    return _at(moment.share * 0.6, name=moment.name) if moment.share else moment


def _at(share: float, *, name: str | None = None) -> Moment:
    return Moment(
        name=name or f"at {share:.0%} of its life",
        share=share,
        reached=lambda scene: scene.seconds >= share * scene.usual_seconds,
    )
