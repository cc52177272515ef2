"""From a question to a decision: the policies in moto's state, put to the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.world import Decision

from .conditions import Facts
from .context import context_of, refuse_unmodelled
from .evaluate import Outcome, Request, evaluate
from .public_access import decide_anonymous
from .sources import policies_for

if TYPE_CHECKING:
    from qa.embedded.world import Question, World


def decision_on(world: World, question: Question) -> Decision:
    """Return the decision of identity, resource and boundary policies.

    Raises NotModelledError for what policies can say and this embedded AWS cannot judge, PolicyError for
    a policy that cannot be read.
    """
    account_id = world.account_id
    request = Request(
        caller=question.caller,
        account_id=account_id,
        action=question.action,
        resource=question.resource,
        facts=Facts(context_of(question, account_id=account_id, now=world.clock.now())),
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
