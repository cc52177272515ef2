"""The judge of one embedded AWS: the policies in moto's state, put to the evaluator."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flask import has_request_context

from qa.embedded.world import Caller, Decision

from .conditions import Facts
from .context import context_of, refuse_unmodelled
from .enforcement import caller_of_request
from .evaluate import Outcome, Request, evaluate
from .public_access import decide_anonymous
from .sources import policies_for

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

        Raises NotModelledError for what policies can say and this embedded AWS cannot judge.
        """
        account_id = self._world.account_id
        context = context_of(question, account_id=account_id, now=self._world.clock.now())
        request = Request(
            caller=question.caller,
            account_id=account_id,
            action=question.action,
            resource=question.resource,
            facts=Facts(context),
        )
        policies = policies_for(
            question.caller, action=question.action, resource=question.resource, account_id=account_id
        )
        verdict = evaluate(request, policies)
        refuse_unmodelled(verdict.missing)
        decision = Decision(
            allowed=verdict.outcome is Outcome.ALLOWED,
            explicit_deny=verdict.outcome is Outcome.EXPLICIT_DENY,
            reason=verdict.reason,
        )
        return decide_anonymous(question, decision, account_id) if question.caller.is_anonymous else decision

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
        found = caller_of_request(self._world.account_id)
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
