"""From a question to a decision: the policies in moto's state, put to the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.kms.grants import is_granted
from qa.embedded.world import Decision

from .conditions import Facts
from .context import context_of, refuse_unmodelled
from .evaluate import Outcome, Request, evaluate
from .keys import key_named
from .public_access import decide_anonymous
from .sources import policies_for

if TYPE_CHECKING:
    from qa.embedded.world import Question, World

RETIRING = "kms:RetireGrant"


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
    policies = policies_for(world, question.caller, action=question.action, resource=question.resource)
    verdict = evaluate(request, policies)
    refuse_unmodelled(verdict.missing)
    decision = Decision(
        allowed=_is_allowed(question, verdict.outcome, account_id),
        explicit_deny=verdict.outcome is Outcome.EXPLICIT_DENY,
        reason=verdict.reason,
    )
    return decide_anonymous(question, decision, account_id) if question.caller.is_anonymous else decision


def _is_allowed(question: Question, outcome: Outcome, account_id: str) -> bool:
    """Say whether policies allow, or a grant does that no policy denies."""
    retires = question.action == RETIRING  # no policy alone allows that
    if outcome is Outcome.EXPLICIT_DENY:
        return False
    if outcome is Outcome.ALLOWED and not retires:
        return True
    if not question.action.startswith("kms:"):
        return False
    key = key_named(question.resource, region=question.region, account_id=account_id)
    return key is not None and is_granted(key, question.caller, question.action, question.context)
