"""Which rights an operation needs: a table of each service, from operations to IAM actions on ARNs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.embedded.world import Caller

ContextValues = Mapping[str, "str | tuple[str, ...]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation of an AWS API with its parameters, as boto3 spells both."""

    service: str
    operation: str
    parameters: Mapping[str, Any]
    caller: Caller
    account_id: str
    region: str

    def arn(self, rest: str, *, service: str | None = None) -> str:
        """Return the ARN of something in the call's region and account."""
        return f"arn:aws:{service or self.service}:{self.region}:{self.account_id}:{rest}"

    def get(self, name: str) -> Any:
        """Return a parameter; None when it was not given."""
        return self.parameters.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One right that a call needs: an IAM action on a resource, and the condition keys it carries."""

    action: str
    resource: str = "*"
    context: ContextValues = field(default_factory=dict)
    region: str = ""
    """The region of the request, where that is not the request's."""


Needs = Callable[[Call], Iterable[Need]]


def on(
    prefix: str, resource: Callable[[Call], str], context: Callable[[Call], ContextValues] | None = None
) -> Needs:
    """Return the common case: the operation's own name is the action, on one resource."""

    def needs(call: Call) -> Iterable[Need]:
        keys = {} if context is None else context(call)
        return (Need(action=f"{prefix}:{call.operation}", resource=resource(call), context=keys),)

    return needs


def tagged(needs: Needs, action: str, *, tags: str = "Tags") -> Needs:
    """Return the needs of what may tag the thing that it makes, for which the right to tag is needed too."""

    def both(call: Call) -> Iterable[Need]:
        own = tuple(needs(call))
        return own if not call.get(tags) else (*own, Need(action=action, resource=own[0].resource))

    return both


def service_role(call: Call, service: str, role_name: str) -> Need:
    """Return the right to let a service make its own role, as the first thing of its kind needs it."""
    return Need(
        action="iam:CreateServiceLinkedRole",
        resource=f"arn:aws:iam::{call.account_id}:role/aws-service-role/{service}/{role_name}",
        context={"iam:AWSServiceName": service},
    )


def everywhere(prefix: str) -> Needs:
    """Return the needs of an operation that knows no resources."""
    return on(prefix, lambda _: "*")


def each(names: str, needs: Needs) -> dict[str, Needs]:
    """Return a table that gives every operation of a space-separated list the same needs."""
    return dict.fromkeys(names.split(), needs)
