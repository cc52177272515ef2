"""From a question to a decision: the policies that have a say, put to the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.declaration import service_named
from qa.embedded.world import Decision

from .conditions import Facts
from .context import context_of, refuse_unmodelled
from .evaluate import Outcome, Request, evaluate
from .sources import policies_for

if TYPE_CHECKING:
    from qa.embedded.world import Question, World


def decision_on(world: World, question: Question) -> Decision:
    """Return the decision of identity, resource and boundary policies.

    Raises NotModelledError for what policies can say and this embedded AWS cannot judge, PolicyError for
    a policy that cannot be read.
    """
    account_id = world.account_id
    identity = world.identities.behind(question.caller)
    request = Request(
        caller=question.caller,
        account_id=account_id,
        action=question.action,
        resource=question.resource,
        facts=Facts(context_of(world, question, identity)),
    )
    policies = policies_for(
        world, question.caller, identity, action=question.action, resource=question.resource
    )
    verdict = evaluate(request, policies)
    refuse_unmodelled(verdict.missing)
    decision = Decision(
        allowed=verdict.outcome is Outcome.ALLOWED,
        explicit_deny=verdict.outcome is Outcome.EXPLICIT_DENY,
        reason=verdict.reason,
    )
    service = service_named(world.services, question.action.partition(":")[0])
    if service is None or service.decide is None:
        return decision
    return service.decide(question, decision, account_id)
