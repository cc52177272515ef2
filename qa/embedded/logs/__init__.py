"""CloudWatch Logs: moto's, whose groups take only keys that let the service use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .keys import hook_keys, require_key

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = ["install", "require_key"]


def install(world: World) -> None:
    """Hook moto's CloudWatch Logs, once per process, and make the hook ask this world's judge."""
    hook_keys(world)
