"""The principals that a policy's statement names, and whether there are such."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .identities import Identities

ACCOUNT = re.compile(r"\d{12}")
SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com")


def principals(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of each principal, or excepted principal, of a statement."""
    principal = statement.get("Principal", statement.get("NotPrincipal", {}))
    if isinstance(principal, str):
        yield "AWS", principal
        return
    for kind, names in principal.items():
        for name in [names] if isinstance(names, str) else names:
            yield kind, str(name)


def principal_exists(kind: str, name: str, account_id: str, identities: Identities) -> bool:
    """Say whether a principal is one that AWS takes in a policy; other accounts are believed."""
    if kind == "Service":
        return SERVICE.fullmatch(name) is not None
    if kind != "AWS":
        return True
    if name == "*" or ACCOUNT.fullmatch(name):
        return True
    parts = name.split(":", 5)
    if len(parts) != 6 or parts[2] not in ("iam", "sts") or not ACCOUNT.fullmatch(parts[4]):
        return False
    if parts[4] != account_id or parts[2] == "sts" or parts[5] == "root":
        return True  # what another account holds cannot be known here
    return identities.exists(name)
