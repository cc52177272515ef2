"""The judge of one embedded AWS, as its services see it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flask import has_request_context

from qa.embedded.judge.decision import decision_on
from qa.embedded.judge.errors import NotModelledError, PolicyError
from qa.embedded.world import Caller, Decision

from .enforcement import caller_of_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.world import Question, World

_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


class PolicyAuthorizer:
    """Implements qa.embedded.world.Authorizer from the policies that lie in moto's state."""

    def __init__(self, world: World) -> None:
        self._world = world

    def decide(self, question: Question) -> Decision:
        """Return the decision of identity, resource and boundary policies.

        What cannot be judged is denied, and the reason names it: services ask on threads of their own
        too, where an exception would reach nobody.
        """
        try:
            return decision_on(self._world, question)
        except (NotModelledError, PolicyError) as unknown:
            return Decision(allowed=False, reason=f"because {unknown}")

    def current(self) -> Caller:
        """Return the caller of the request that this thread serves, or that it acts as."""
        caller = _caller.get() or (self._of_request() if has_request_context() else None)
        if caller is None:
            raise RuntimeError(
                "this thread serves no request, so nobody is calling: "
                "wrap internal work in `with world.authorizer.acting_as(caller):`"
            )
        return caller

    def _of_request(self) -> Caller | None:
        found = caller_of_request(self._world)
        return found if isinstance(found, Caller) else None

    @contextmanager
    def acting_as(self, caller: Caller) -> Iterator[None]:
        """Make `current()` return this caller inside the block, on this thread."""
        token = _caller.set(caller)
        try:
            yield
        finally:
            _caller.reset(token)

    def role_caller(self, role_arn: str, session_name: str) -> Caller:
        """Return the caller that a session of the role would be; the role need not exist."""
        role_name = role_arn.rpartition("/")[2]
        return Caller(
            arn=f"arn:aws:sts::{self._world.account_id}:assumed-role/{role_name}/{session_name}",
            role_arn=role_arn,
        )
