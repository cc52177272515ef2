"""One service of the embedded AWS as one value: all that the other parts have to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from qa.embedded.malformed import detected, null_at
from qa.embedded.patches import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.embedded.patches import Patch
    from qa.embedded.wire.refusals import Refusal, Special
    from qa.embedded.world import Decision, Question, World

    from .coverage import Coverage
    from .resource_types import ResourceType
    from .rights import ContextValues, Needs
    from .template_values import ParameterType, TemplateValue

UNCLASSIFIED = "nobody has looked at it yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimit:
    """The longest body that a service takes, in bytes, and its words on a longer one."""

    most: int = 16 * 1024 * 1024
    words: str = "The request is larger than {most} bytes"
    """With {most}, and {operation} where paths tell operations apart."""


def _no_fault(_: str, _parameters: Mapping[str, Any]) -> None:
    """Find nothing wrong."""


def _nothing(_: World) -> None:
    """Keep nothing of its own in the world."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service:
    """What one package says of its service; qa/embedded/services.py lists them all."""

    name: str
    """boto3's name."""
    coverage: Coverage
    signing_name: str = ""
    """The name in a signature's scope, where it is not boto3's."""
    rights: Mapping[str, Needs] = field(default_factory=dict)
    """Which rights an operation needs. S3 has none here: it goes by method and query."""
    policy_of: Callable[[str, str, str], Any] | None = None
    """Finds the policy that lies with a resource, by its ARN's region and rest, and the account.

    An administrator's rights end where such a policy says so.
    """
    context_of: Callable[[str, str, str], ContextValues] | None = None
    """Finds the condition keys that each request about a resource carries, by ARN, action and account."""
    decide: Callable[[Question, Decision, str], Decision] | None = None
    """Has its say once the policies have had theirs; the last argument is the account."""
    special: Mapping[Refusal, Special] = field(default_factory=dict)
    """Error answers in which it differs from others of its protocol."""
    tolerance_minutes: int = 5
    """How far from now a signature may be, by public reports of the service's errors."""
    body_limit: BodyLimit = field(default_factory=BodyLimit)
    """How long the body of a request may be."""
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Parameters that an operation cannot do without, though its model does."""
    fault_of: Callable[[str, Mapping[str, Any]], str | None] = _no_fault
    """Says what is wrong with parameters that an operation's model allows; called when moto fails on them."""
    patches: tuple[Patch, ...] = ()
    """What it patches of moto."""
    start: Callable[[World], None] = _nothing
    """Gives a world what the service keeps there, and begins what goes on without a request."""
    resource_types: tuple[ResourceType, ...] = ()
    """Its types of CloudFormation."""
    dynamic_references: Mapping[str, TemplateValue] = field(default_factory=dict)
    """What `{{resolve:…}}` reads of it, by the word after `resolve:`."""
    parameter_types: Mapping[str, ParameterType] = field(default_factory=dict)
    """Types of template parameters that name something of it."""

    @property
    def scope(self) -> str:
        """The name of the service in a signature's scope."""
        return self.signing_name or self.name

    def install(self, world: World) -> None:
        """Serve the operations in a world until it closes; raises RuntimeError if moto has moved."""
        world.on_close(apply(self.patches, world))
        self.start(world)

    def refusal(self, operation: str) -> str | None:
        """Return what is not modelled of an operation; None for one that is."""
        if operation in self.coverage.modelled:
            return None
        if not operation:
            return f"a request to {self.name} that names no operation in a protocol known here"
        return f"{self.name}:{operation} ({self.coverage.refused.get(operation, UNCLASSIFIED)})"

    def invalid_parameter(self, operation: str, parameters: Mapping[str, Any]) -> str | None:
        """Return AWS's words on parameters that the operation's model allows; None when they are valid."""
        lacking = [each for each in self.required.get(operation, ()) if parameters.get(each) is None]
        if lacking:
            return detected(*(null_at(each[:1].lower() + each[1:]) for each in lacking))
        return self.fault_of(operation, parameters)

    def refused_parameter(self, operation: str, parameters: Mapping[str, Any]) -> str | None:
        """Return what is not modelled of a modelled operation's parameters; None if all is well."""
        for each in self.coverage.parameters.get(operation, ()):
            if each.refuses(parameters):
                return f"{each.path} of {self.name}:{operation} as requested ({each.why})"
        return None


def service_named(services: tuple[Service, ...], name: str) -> Service | None:
    """Return the service of boto3's name; None when it is not among them."""
    return _by_name(services).get(name)


def special_of(services: tuple[Service, ...], name: str, refusal: Refusal) -> Special | None:
    """Return how a service, by boto3's name, answers a refusal in its own form; None for the usual one."""
    service = service_named(services, name)
    return None if service is None else service.special.get(refusal)


def body_limit_of(services: tuple[Service, ...], name: str) -> BodyLimit:
    """Return how long a body may be in a request to a service, by boto3's name, known or not."""
    service = service_named(services, name)
    return BodyLimit() if service is None else service.body_limit


def tolerance_of(services: tuple[Service, ...], scope: str) -> int:
    """Return how many minutes from now a signature for a scope may be; 5 for an unknown service."""
    return next((each.tolerance_minutes for each in services if each.scope == scope), 5)


@cache
def _by_name(services: tuple[Service, ...]) -> Mapping[str, Service]:
    return {each.name: each for each in services}
