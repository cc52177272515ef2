"""Who we are to the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .aws_errors import translate_errors

if TYPE_CHECKING:
    from .clients import Clients


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose credentials are in use."""

    account: str
    arn: str


def caller(clients: Clients, region: str) -> Caller:
    """Return whose credentials are in use. Raises ProbeError when AWS does not tell."""
    with translate_errors(f"cannot identify the caller at {clients.target.title}"):
        response = clients.sts(region).get_caller_identity()
        return Caller(account=response["Account"], arn=response["Arn"])


def caller_account(clients: Clients, region: str) -> str:
    """Return the account ID of the credentials in use. Raises ProbeError when AWS does not tell."""
    return caller(clients, region).account
