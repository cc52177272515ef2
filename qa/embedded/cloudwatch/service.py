"""What the hooks into moto's CloudWatch work on: one world, its data, alarms and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.embedded.world import World

    from .alarms import Alarms
    from .history import History
    from .mute_rules import MuteRules
    from .series import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """CloudWatch of one world."""

    world: World
    store: Store
    history: History
    mute_rules: MuteRules
    alarms: Alarms
