"""Who we are to the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .asking import asking

if TYPE_CHECKING:
    from .clients import Clients


def caller_account(clients: Clients, region: str) -> str:
    """Return the account ID of the credentials in use. Raises ProbeError when AWS does not tell."""
    with asking(f"whose credentials are these, at {clients.target.title}"):
        return clients.sts(region).get_caller_identity()["Account"]
