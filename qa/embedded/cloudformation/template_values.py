"""Values that a template takes from services by name: dynamic references, and parameters of such types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from qa.embedded.inside import Inside, RequestFailedError

from .errors import UnresolvedValueError, unmodelled
from .reads import PRINCIPAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.embedded.service.template_values import ParameterType, TemplateValue
    from qa.embedded.world import World

MARK = "{{resolve:"
BEGIN = re.compile(r"\{\{resolve:([^:{}$]+):")
REFERENCE = re.compile(r"\{\{resolve:([^:{}]+):([^{}]+)\}\}")


@dataclass(slots=True, kw_only=True)
class References:
    """The dynamic references of one resource.

    CloudFormation compares their text, not what they stand for: a value that is known is not read again.
    """

    world: World
    region: str
    values: dict[str, str] = field(default_factory=dict)
    """What each reference stood for, by its text."""

    def resolved(self, value: Any) -> Any:
        """Return a value with every reference in it resolved; raises UnresolvedValueError."""
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if isinstance(value, dict):
            return {key: self.resolved(item) for key, item in value.items()}
        return self._in_text(value) if isinstance(value, str) else value

    def _in_text(self, value: str) -> str:
        if len(REFERENCE.findall(value)) < value.count(MARK):
            raise UnresolvedValueError(f"Template error: a dynamic reference is not complete: {value}")
        return REFERENCE.sub(self._value, value)

    def _value(self, reference: re.Match[str]) -> str:
        text = reference[0]
        if text not in self.values:
            kind = dynamic_references().get(reference[1])
            if kind is None:
                raise UnresolvedValueError(unmodelled(f"the dynamic reference {text}").message)
            self.values[text] = look_up(self.world, kind, reference[2], region=self.region)
        return self.values[text]


@cache
def dynamic_references() -> Mapping[str, TemplateValue]:
    """Return what services declare, by the word after `resolve:`."""
    # the list of services has CloudFormation itself in it
    from qa.embedded.services import SERVICES  # noqa: PLC0415

    return {name: kind for service in SERVICES for name, kind in service.dynamic_references.items()}


@cache
def parameter_types() -> Mapping[str, ParameterType]:
    """Return what services declare, by the type's name."""
    from qa.embedded.services import SERVICES  # noqa: PLC0415 - as above

    return {name: kind for service in SERVICES for name, kind in service.parameter_types.items()}


def look_up(world: World, kind: TemplateValue, name: str, *, region: str) -> str:
    """Return what a name stands for, read as the caller; raises UnresolvedValueError."""
    call = kind.request(name)
    try:
        response = world.part(Inside).request(
            call.service,
            call.operation,
            call.parameters,
            region=region,
            caller=world.authorizer.current(),
            via=PRINCIPAL,
        )
        return kind.value(name, response)
    except RequestFailedError as refused:
        raise UnresolvedValueError(refused.message) from refused
    except ValueError as missing:
        raise UnresolvedValueError(str(missing)) from missing


def check_references(value: Any, where: str, *, are_resolved: bool) -> None:
    """Refuse references of a kind that no service declares, and all where they are not resolved."""
    for path, text in _texts(value, where):
        for kind in BEGIN.findall(text):
            if not are_resolved:
                raise unmodelled(f"a dynamic reference outside of properties, at `{path}`")
            if kind not in dynamic_references():
                raise unmodelled(f"dynamic references to {kind} at `{path}`")


def literal_references(value: Any) -> Iterator[str]:
    """Yield each reference that a value has as it stands, without the help of a function."""
    for _, text in _texts(value, ""):
        yield from (found[0] for found in REFERENCE.finditer(text) if "$" not in found[0])


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{where}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{where}/{index}")
