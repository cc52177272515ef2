"""Actions that no service has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.action_services import BY_PRODUCT, action_services
from qa.checks.knowledge.naming import listed
from qa.checks.nearest import nearest
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import Path

_ACTIONS = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/"
    "reference_policies_actions-resources-contextkeys.html"
)


@rule("rights-without-service", severity=Severity.WARNING, source=_ACTIONS)
def rights_without_service(context: Context) -> Iterator[Fault]:
    """An action whose service does not exist.

    IAM takes the policy and never applies the action: dyanmodb:PutItem lets nobody put an item. Only what
    stands before the colon is judged. A service younger than the list that qa ships is possible, hence a
    warning.
    """
    for stack in () if context.is_rewritten else context.stacks:
        for resource in stack.resources.values():
            for name, value in resource.properties.items():
                for path, action in _actions(value, (name,)) if "olic" in name else ():
                    service = action.partition(":")[0].lower()
                    if service in action_services():
                        continue
                    near = BY_PRODUCT.get(service) or nearest(service, action_services())
                    yield Fault(
                        path=stack.path_of(resource.logical_id, *path),
                        region=stack.region,
                        message=f"There is no service {service!r} in IAM: this action never applies",
                        actual=action,
                        expected="the prefix of a service in AWS's list",
                        fix=f"did you mean {near}?" if near else "look the prefix up in AWS's list",
                    )


def _actions(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the actions of the statements below a value that name one service; no recursion."""
    open_ends = [(path, value)]
    while open_ends:
        here, found = open_ends.pop()
        if isinstance(found, list):
            open_ends.extend(((*here, index), found[index]) for index in range(len(found) - 1, -1, -1))
        elif isinstance(found, dict) and "Effect" in found:
            for key in ("Action", "NotAction"):
                yield from _named(found.get(key), (*here, key))
        elif isinstance(found, dict):
            open_ends.extend(((*here, key), member) for key, member in reversed(found.items()))


def _named(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    for index, action in enumerate(listed(value)):
        if not isinstance(action, str):
            continue
        service, colon, _ = action.partition(":")
        if colon and not set(service) & set("*?${"):
            yield (*path, index) if isinstance(value, list) else path, action
