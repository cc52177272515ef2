"""May the caller have this resource made, changed or deleted? Asked as AWS does it, resource by resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.judge.denials import denial
from qa.embedded.service.resource_types import text
from qa.embedded.world import Question

from .handler_rights import Asked, Phase
from .handler_table import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from qa.embedded.service.resource_types import ResourceType, Subject
    from qa.embedded.world import Caller, World

    from .handler_rights import Right
    from .stacks import Resource, Stack

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
            _ask(world, action, resource, region=subject.region, context={})


def require(
    phase: Phase, stack: Stack, resource: Resource, *, name: str, properties: Mapping[str, Any]
) -> None:
    """Raise DeniedError unless the caller has every right that the resource's handler uses in the phase."""
    world = stack.world
    if world.authorizer.current().is_administrator:
        return
    handler = HANDLERS.get(resource.resource_type)
    if handler is None:
        raise DeniedError(
            f"the embedded AWS knows not which rights `{resource.resource_type}` needs; "
            "deploy it with the server's own credentials"
        )
    asked = Asked(
        phase=phase,
        account_id=stack.account_id,
        region=stack.region,
        name=name,
        properties=properties,
        before=resource.properties,
    )
    for right in handler.rights(asked):
        _require(world, right, stack.region)


def _require(world: World, right: Right, region: str) -> None:
    _ask(world, right.action, right.resource, region=region, context=right.context)


def _ask(
    world: World, action: str, resource: str, *, region: str, context: Mapping[str, str | tuple[str, ...]]
) -> None:
    caller = world.authorizer.current()
    decision = world.authorizer.decide(
        Question(
            caller=caller,
            action=action,
            resource=resource,
            region=region,
            context={**CALLED_VIA, **context},
        )
    )
    if not decision.allowed:
        raise DeniedError(denial(caller, action, resource, decision))
