"""What the judge reads of IAM and STS: who holds credentials, and which policies a role or user has."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import Caller

    from .policy import Policy


class Unknown(Enum):
    """Why credentials stand for nobody."""

    KEY = "unknown key"
    EXPIRED = "expired session"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request carries of credentials: an access key ID and, for a session, its token."""

    access_key_id: str
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A caller, and the secret that its requests are signed with."""

    caller: Caller
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A role or user with what it is allowed by policies of its own."""

    unique_id: str
    tags: Mapping[str, str]
    policies: tuple[Policy, ...]
    """Inline and attached, a user's groups included."""
    boundary: Policy | None
    """The permissions boundary; None without one."""


class Identities(Protocol):
    """The roles, users and sessions of an account."""

    def behind(self, caller: Caller) -> Identity | None:
        """Return the role or user behind a caller; None for services, nobody and what was deleted.

        Raises NotModelledError for a managed policy that is not there, PolicyError for one that cannot be
        read.
        """
        ...

    def holder_of(self, credentials: Credentials) -> Holder | Unknown:
        """Return the user or session behind credentials, or why there is none."""
        ...

    def exists(self, arn: str) -> bool:
        """Say whether the account has a role or user of this ARN."""
        ...
