"""CloudWatch: moto's, with alarms that are evaluated, act, keep a history and can be muted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import backend_hooks, operations
from .alarms import Alarms
from .evaluator import Evaluator
from .history import History
from .metrics import StoredMetrics
from .mute_rules import MuteRules
from .service import Service

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["PATCHES", "start"]

PATCHES = (*backend_hooks.PATCHES, *operations.PATCHES)


def start(world: World) -> None:
    """Give the world its metrics and evaluate its alarms, on a thread that ends with `world.close()`."""
    metrics, history, mute_rules = StoredMetrics(world.clock), History(), MuteRules(world.clock.now)
    alarms = Alarms(world, metrics.store, history, mute_rules)
    world.metrics = metrics
    world.add(
        Service(world=world, store=metrics.store, history=history, mute_rules=mute_rules, alarms=alarms)
    )

    def tick(at: float) -> None:
        metrics.trim()
        alarms.evaluate_all(at)

    evaluator = Evaluator(world, tick)
    for forget in (metrics.store.clear, history.clear, mute_rules.clear, alarms.clear):
        world.on_reset(forget)
    world.on_close(evaluator.stop)
    evaluator.start()
