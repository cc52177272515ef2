"""May the caller have this resource made, changed or deleted? Asked as AWS does it, resource by resource."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from qa.embedded.iam.denials import denial
from qa.embedded.world import Question

from .handler_rights import Asked, Phase
from .handler_table import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from qa.embedded.world import World

    from .handler_rights import Right
    from .stacks import Resource, Stack

_world: ContextVar[World | None] = ContextVar("world", default=None)
# CloudFormation calls the services with the caller's credentials, and says so
CALLED_VIA: dict[str, str | tuple[str, ...]] = {
    "aws:CalledVia": ("cloudformation.amazonaws.com",),
    "aws:ViaAWSService": "true",
}


class DeniedError(Exception):
    """The caller has no right to what a handler does for them; `message` is AWS's words."""

    code = "AccessDenied"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def judging(world: World) -> Iterator[None]:
    """Ask this world's judge inside the block, on this thread; outside of one nobody is asked."""
    token = _world.set(world)
    try:
        yield
    finally:
        _world.reset(token)


def require(
    phase: Phase, stack: Stack, resource: Resource, *, name: str, properties: Mapping[str, Any]
) -> None:
    """Raise DeniedError unless the caller has every right that the resource's handler uses in the phase."""
    world = _world.get()
    if world is None or world.authorizer.current().is_administrator:
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
    caller = world.authorizer.current()
    decision = world.authorizer.decide(
        Question(
            caller=caller,
            action=right.action,
            resource=right.resource,
            region=region,
            context={**CALLED_VIA, **right.context},
        )
    )
    if not decision.allowed:
        raise DeniedError(denial(caller, right.action, right.resource, decision))
