"""Policy statements as values; what is not known counts as allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.template import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy; texts may be Unknown."""

    allows: bool
    principals: tuple[tuple[str, object], ...]
    """Pairs such as ("Service", "s3.amazonaws.com"); ("*", "*") is everybody."""
    actions: tuple[object, ...]
    is_inverted: bool
    """NotAction or NotPrincipal: judged as if it matched everything."""

    def names_service(self, service: str) -> bool | None:
        """Say whether the principal is a service, e.g. "logs"; None when that is not known."""
        if self.is_inverted:
            return None
        verdicts = [_is_service(kind, name, service) for kind, name in self.principals]
        return True if True in verdicts else None if None in verdicts else False

    def covers(self, action: str) -> bool | None:
        """Say whether the statement is about an action, e.g. "kms:CreateGrant"."""
        if self.is_inverted:
            return None
        verdicts = [
            None if isinstance(name, Unknown) else matches(str(name), action) for name in self.actions
        ]
        return True if True in verdicts else None if None in verdicts else False


def statements(policy: object) -> tuple[Statement, ...] | None:
    """Return the statements of a resolved policy document; None when it cannot be read."""
    listed = policy.get("Statement") if isinstance(policy, dict) else None
    found = [listed] if isinstance(listed, dict) else listed
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return None
    return tuple(_statement(each) for each in found)


def _statement(written: dict[str, Any]) -> Statement:
    return Statement(
        allows=str(written.get("Effect")).lower() != "deny",
        principals=tuple(_principals(written.get("Principal"))),
        actions=tuple(_listed(written.get("Action"))),
        is_inverted="NotAction" in written or "NotPrincipal" in written,
    )


def _principals(written: object) -> Iterator[tuple[str, object]]:
    if isinstance(written, dict):
        for kind, names in written.items():
            yield from ((kind, name) for name in _listed(names))
    elif written is not None:
        yield "*", written


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_service(kind: str, name: object, service: str) -> bool | None:
    if name == "*" or isinstance(name, Unknown):
        return True if name == "*" else None
    if kind != "Service":
        return False
    return re.fullmatch(rf"{re.escape(service)}(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?", str(name)) is not None


def matches(pattern: str, action: str) -> bool:
    """Say whether an action matches a policy's pattern with * and ?; case does not count."""
    return _compiled(pattern.lower()).fullmatch(action.lower()) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    # fnmatch's pattern does not go back over its stars: many of them take no time
    return re.compile(translate(pattern.replace("[", "[[]")))
