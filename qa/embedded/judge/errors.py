"""What the judge refuses to answer, as errors that name it."""

from __future__ import annotations

from qa.errors import QaError


class PolicyError(QaError):
    """A policy document that cannot be read; says which policy and what is wrong with it."""

    def __init__(self, policy: str, problem: str) -> None:
        super().__init__(f"{policy} cannot be read: {problem}")


class NotModelledError(QaError):
    """Something about rights that AWS has and this embedded AWS has not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the embedded AWS does not model {what}")


class InvalidRequestError(QaError):
    """A request that AWS refuses as invalid while it looks at the rights."""
