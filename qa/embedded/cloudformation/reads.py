"""May the caller have this resource made, changed or deleted? Asked as AWS does it, resource by resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.judge.denials import denial
from qa.embedded.service.resource_types import text
from qa.embedded.world import Question

if TYPE_CHECKING:
    from qa.embedded.service.resource_types import ResourceType, Subject
    from qa.embedded.world import Caller, World

PRINCIPAL = "cloudformation.amazonaws.com"
# CloudFormation calls the services with the caller's credentials, and says so
CALLED_VIA: dict[str, str | tuple[str, ...]] = {
    "aws:CalledVia": (PRINCIPAL,),
    "aws:ViaAWSService": "true",
}


class DeniedError(Exception):
    """The caller has no right to what a handler does for them; `message` is AWS's words."""

    code = "AccessDenied"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def require_reads(world: World, caller: Caller, kind: ResourceType, subject: Subject) -> None:
    """Raise DeniedError unless the caller may read what AWS's handler reads of a resource of the type."""
    if caller.is_administrator:
        return
    for place, actions in kind.reads.items():
        resource = str((text(place) if isinstance(place, str) else place).of(subject))
        for action in actions.split():
            _ask(world, caller, action, resource, region=subject.region)


def _ask(world: World, caller: Caller, action: str, resource: str, *, region: str) -> None:
    decision = world.authorizer.decide(
        Question(caller=caller, action=action, resource=resource, region=region, context=CALLED_VIA)
    )
    if not decision.allowed:
        raise DeniedError(denial(caller, action, resource, decision))
