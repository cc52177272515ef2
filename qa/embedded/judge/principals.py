"""Whether a resource policy's principals mean a caller, and how closely."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from .errors import NotModelledError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.world import Caller

    from .policy import Principals

# nobody can sign in through them here, so they never mean a caller
NEVER = frozenset({"Federated"})
KNOWN = frozenset({"AWS", "Service"}) | NEVER


class Named(IntEnum):
    """How closely a statement names a caller, weakest first."""

    NOT = 0
    ACCOUNT = 1
    """The account is named: its identity policies decide."""
    ROLE = 2
    """The role of the session is named: a permissions boundary still limits it."""
    ITSELF = 3


def naming(principals: Principals | None, caller: Caller, account_id: str) -> Named:
    """Return how closely a statement names the caller; raises NotModelledError for CanonicalUser."""
    if principals is None:
        return Named.ITSELF  # an identity's policy is its own
    for kind, name in principals.names:
        if kind not in KNOWN:
            raise NotModelledError(f"the principal {kind} ({name!r})")
    if principals.are_excluded:
        return _unless_excluded(principals, caller, account_id)
    if ("AWS", "*") in principals.names:
        return Named.ITSELF
    found = (named for form, named in _forms(caller, account_id) if form in principals.names)
    return max(found, default=Named.NOT)


def _unless_excluded(principals: Principals, caller: Caller, account_id: str) -> Named:
    # AWS requires that account, role and session are all listed before it spares a session
    if ("AWS", "*") in principals.names:
        return Named.NOT
    if caller.is_anonymous:
        return Named.ITSELF
    by_rank: dict[Named, bool] = {}
    for form, named in _forms(caller, account_id):
        by_rank[named] = by_rank.get(named, False) or form in principals.names
    return Named.NOT if all(by_rank.values()) else Named.ITSELF


def _forms(caller: Caller, account_id: str) -> Iterator[tuple[tuple[str, str], Named]]:
    if caller.service is not None:
        yield ("Service", caller.service), Named.ITSELF
    if caller.arn is not None:
        yield ("AWS", caller.arn), Named.ITSELF
        for form in _account_forms(account_id):
            yield form, Named.ACCOUNT
    if caller.role_arn is not None:
        yield ("AWS", caller.role_arn), Named.ROLE


def _account_forms(account_id: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("AWS", account_id), ("AWS", f"arn:aws:iam::{account_id}:root")
