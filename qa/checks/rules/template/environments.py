"""Names of another environment that are written out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import NAME_PROPERTIES
from qa.checks.rule import Fault, rule
from qa.template import substitution

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.checks.context import Context
    from qa.template import Path, Template

_SUB = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html"
_ENVIRONMENTS = ("dev", "int", "integration", "prod", "production", "qa", "stage", "staging", "test", "uat")
_NO_NAMES = frozenset({"ZipFile", "Description", "AlarmDescription", "Metadata"})
_LEAST = 4
"""Characters of a name beside its parameters; with fewer it may be anything."""


@rule("other-environment", severity=Severity.WARNING, source=_SUB)
def other_environment(context: Context) -> Iterator[Fault]:
    """The name of one environment's resource written out beside the name with the environment's parameter.

    orders-dev beside orders-${Suffix}: the stack of every other environment uses, or fails over into, the
    one of dev. Found are names with the parameter's default, one of its AllowedValues, or a usual name of
    an environment in its place. Descriptions and inline code are not looked at.
    """
    template = context.template
    names = {} if context.is_rewritten else dict(_names(template))
    for logical_id, (written, pattern) in names.items():
        if not pattern.search(template.text):
            continue
        for path, text in _texts(template):
            found = pattern.search(text)
            if found:
                yield Fault(
                    path=path,
                    message=f"{found[0]} is {logical_id} of one environment, written out",
                    actual=text,
                    expected=written,
                    fix=f'write {{"Fn::Sub": "{text.replace(found[0], written)}"}}, or refer to {logical_id}',
                )


def _names(template: Template) -> Iterator[tuple[str, tuple[str, re.Pattern[str]]]]:
    """Yield the names that parameters take part in, by resource, each with what finds them written out."""
    for resource in template.resources.values():
        name = resource.properties.get(NAME_PROPERTIES.get(resource.type, ""))
        written = name.get("Fn::Sub") if isinstance(name, dict) else None
        pattern = _pattern(written, template) if isinstance(written, str) and "${" in written else None
        if pattern and isinstance(written, str):
            yield resource.logical_id, (written, pattern)


def _pattern(written: str, template: Template) -> re.Pattern[str] | None:
    """Return what a name looks like with other values for its parameters; None without any, or too short."""
    parts, is_named, length = [], False, 0
    for piece in substitution(written):
        if isinstance(piece, str):
            parts.append(re.escape(piece))
            length += len(piece)
        elif piece.name in template.parameters:
            parts.append(f"(?:{'|'.join(map(re.escape, _values(template.parameters[piece.name])))})")
            is_named = True
        else:
            parts.append(rf"(?:{re.escape(f'${{{piece.name}}}')}|[A-Za-z0-9-]+)")
    is_telling = is_named and length >= _LEAST
    return re.compile(rf"(?<![\w-]){''.join(parts)}(?![\w-])") if is_telling else None


def _values(parameter: Mapping[str, Any]) -> list[str]:
    allowed = parameter.get("AllowedValues")
    listed = allowed if isinstance(allowed, list) else _ENVIRONMENTS
    given = [str(one) for one in (parameter.get("Default", ""), *listed) if isinstance(one, str | int)]
    return sorted({one for one in given if one}, key=len, reverse=True)


def _texts(template: Template) -> Iterator[tuple[Path, str]]:
    """Yield the texts of the resources' properties that may hold names; a walk without recursion."""
    open_ends: list[tuple[Path, Any]] = [
        (("Resources", name, "Properties"), resource.properties)
        for name, resource in template.resources.items()
    ]
    while open_ends:
        here, found = open_ends.pop()
        if isinstance(found, str):
            yield here, found
        elif isinstance(found, dict):
            open_ends.extend(((*here, key), one) for key, one in found.items() if key not in _NO_NAMES)
        elif isinstance(found, list):
            open_ends.extend(((*here, index), one) for index, one in enumerate(found))
