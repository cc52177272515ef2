"""CloudWatch: moto's, with alarms that are evaluated, act, keep a history and can be muted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alarms import Alarms
from .backend_hooks import hook_backend
from .evaluator import Evaluator
from .history import History
from .metrics import StoredMetrics
from .mute_rules import MuteRules
from .operations import hook_operations
from .service import Service, set_service

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install"]

_hooked: list[bool] = []


def install(world: World) -> None:
    """Give the world its metrics, hook moto's CloudWatch (once per process), start evaluating alarms.

    The evaluator's thread ends with `world.close()`.
    """
    from . import models  # noqa: F401, PLC0415 - defines the CloudFormation type

    metrics, history, mute_rules = StoredMetrics(world.clock), History(), MuteRules(world.clock.now)
    alarms = Alarms(world, metrics.store, history, mute_rules)
    world.metrics = metrics
    set_service(
        Service(world=world, store=metrics.store, history=history, mute_rules=mute_rules, alarms=alarms)
    )
    if not _hooked:
        hook_backend()
        hook_operations()
        _hooked.append(True)

    def tick(at: float) -> None:
        metrics.trim()
        alarms.evaluate_all(at)

    evaluator = Evaluator(world, tick)
    for forget in (metrics.store.clear, history.clear, mute_rules.clear, alarms.clear):
        world.on_reset(forget)
    world.on_close(evaluator.stop)
    evaluator.start()
