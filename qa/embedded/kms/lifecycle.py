"""The states of a key: what may be done in each, and what time does to them."""

from __future__ import annotations

import threading
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from moto.core.utils import unix_time
from moto.kms.models import kms_backends

from .family import extra, is_primary, relatives
from .refusals import disabled, invalid, wrong_state

if TYPE_CHECKING:
    from moto.kms.models import Key

    from qa.embedded.world import World

_lock = threading.RLock()


def require_usable(key: Key) -> None:
    """Raise DisabledException or KMSInvalidStateException unless the key can be used now."""
    if key.key_state == "Disabled":
        raise disabled(key)
    if key.key_state != "Enabled":
        raise wrong_state(key)


def require_not_ending(key: Key) -> None:
    """Raise KMSInvalidStateException for a key that is waiting for its end."""
    if key.key_state.startswith("Pending"):
        raise wrong_state(key)


def enable(key: Key) -> None:
    """Let a key be used again."""
    require_not_ending(key)
    key.enabled, key.key_state = True, "Enabled"


def disable(key: Key) -> None:
    """Refuse the key's use until it is enabled."""
    require_not_ending(key)
    key.enabled, key.key_state = False, "Disabled"


def schedule_deletion(world: World, key: Key, days: int) -> float | None:
    """Start the waiting period, 7 to 30 days; return its end in seconds since the epoch.

    None for a primary with replicas: its period starts when the last of them is gone.
    """
    if not 7 <= days <= 30:
        raise invalid(
            f"1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy "
            "constraint: Member must be between 7 and 30"
        )
    with _lock:
        require_not_ending(key)
        key.enabled = False
        extra(key).pending_window_days = days
        if key.multi_region and is_primary(key) and len(relatives(key)) > 1:
            key.key_state = "PendingReplicaDeletion"
            return None
        return _start_period(world, key)


def cancel_deletion(key: Key) -> None:
    """End the waiting; the key stays disabled. Raises KMSInvalidStateException if it is not waiting."""
    if not key.key_state.startswith("Pending"):
        raise wrong_state(key)
    key.key_state, key.deletion_date = "Disabled", None


def settle(world: World) -> None:
    """Delete the keys whose period is over by the world's clock; start that of primaries left alone."""
    now = world.clock.now()
    with _lock:
        backends = tuple(kms_backends[world.account_id].values())
        for backend in backends:
            for key in tuple(backend.keys.values()):
                ends = key.deletion_date
                if (
                    ends is not None
                    and key.key_state == "PendingDeletion"
                    and ends.replace(tzinfo=UTC) <= now
                ):
                    backend.delete_key(key.id)
        for backend in backends:
            for key in tuple(backend.keys.values()):
                if key.key_state == "PendingReplicaDeletion" and len(relatives(key)) == 1:
                    _start_period(world, key)


def _start_period(world: World, key: Key) -> float:
    days = extra(key).pending_window_days
    key.key_state = "PendingDeletion"
    # moto keeps naive times in UTC
    key.deletion_date = world.clock.now().replace(tzinfo=None) + timedelta(days=days)
    return unix_time(key.deletion_date)
