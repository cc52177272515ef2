"""Parameter values: defaults, types and constraints, in CloudFormation's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from .errors import ParameterError, UnsupportedError
from .patterns import PatternError, pattern
from .scalars import scalar_text
from .unknowns import SsmParameter, Unknown

if TYPE_CHECKING:
    from .model import Template

ParameterValue = str | int | float | bool | Iterable[str | int | float]
"""A list parameter takes a list or comma separated text."""

_SSM_VALUE = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"CommaDelimitedList|List<.+>")


def parameter_values(
    template: Template, given: Mapping[str, ParameterValue]
) -> dict[str, str | list[str] | Unknown]:
    """Return what Ref of each parameter gives: text, a list of texts, or an Unknown from Systems Manager.

    Raises ParameterError with every problem, each as CloudFormation says it.
    """
    absent = [name for name in template.parameters if _written(template, given, name) is None]
    unknown = [name for name in given if name not in template.parameters]
    problems: list[tuple[str, str | None]] = []
    if unknown:
        problems.append((f"Parameters: [{', '.join(unknown)}] do not exist in the template", None))
    if absent:
        problems.append((f"Parameters: [{', '.join(absent)}] must have values", absent[0]))
    values: dict[str, str | list[str] | Unknown] = {}
    for name, declared in template.parameters.items():
        written = _written(template, given, name)
        if written is not None:
            values[name] = value = _typed(declared, written)
            problems.extend((text, name) for text in _problems(template, name, value))
    if problems:
        where = problems[0][1]
        position = template.position(("Parameters", where) if where else ("Parameters",))
        message = "\n".join(text for text, _ in problems)
        raise ParameterError(message, source=template.source, position=position)
    return values


def _written(template: Template, given: Mapping[str, ParameterValue], name: str) -> Any:
    return given[name] if name in given else template.parameters[name].get("Default")


def _typed(declared: Mapping[str, Any], written: Any) -> str | list[str] | Unknown:
    kind = str(declared.get("Type", "String"))
    if _SSM_VALUE.fullmatch(kind):
        return SsmParameter(scalar_text(written))
    if not _LIST.fullmatch(kind):
        return scalar_text(written)
    if isinstance(written, str):
        return [part.strip() for part in written.split(",")] if written else []
    members = written if isinstance(written, list | tuple) else [written]
    return [scalar_text(member).strip() for member in members]


def _problems(template: Template, name: str, value: str | list[str] | Unknown) -> Iterator[str]:
    if isinstance(value, Unknown):
        return
    declared = template.parameters[name]
    broken = list(_broken(template, name, value))
    described = declared.get("ConstraintDescription")
    if broken and described:
        yield f"Parameter {name} failed to satisfy constraint: {described}"
    else:
        yield from (f"Parameter '{name}' {words}" for words in broken)


def _broken(template: Template, name: str, value: str | list[str]) -> Iterator[str]:
    declared = template.parameters[name]
    members = value if isinstance(value, list) else [value]
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list):
        texts = [scalar_text(member) for member in allowed]
        if any(member not in texts for member in members):
            yield f"must be one of AllowedValues [{', '.join(texts)}]"
    expression = declared.get("AllowedPattern")
    if expression is not None and not _takes_all(template, name, str(expression), members):
        yield f"must match pattern {expression}"
    kind = str(declared.get("Type", "String"))
    if kind in {"Number", "List<Number>"}:
        for member in members:
            yield from _number_problems(declared, member)
    elif isinstance(value, str):
        yield from _length_problems(declared, value)


def _takes_all(template: Template, name: str, expression: str, members: Iterable[str]) -> bool:
    try:
        matcher = pattern(expression)
        return all(matcher.takes(member) for member in members)
    except PatternError as error:
        shown = expression if len(expression) <= 100 else f"{expression[:100]}…"
        raise UnsupportedError(
            f"AllowedPattern {shown!r} of parameter {name!r} is not modelled: {error}",
            source=template.source,
            position=template.position(("Parameters", name, "AllowedPattern")),
        ) from None


def _number_problems(declared: Mapping[str, Any], text: str) -> Iterator[str]:
    number = _decimal(text)
    if number is None:
        yield "must be a number"
        return
    least, most = _decimal(declared.get("MinValue")), _decimal(declared.get("MaxValue"))
    if least is not None and number < least:
        yield f"must be a number not less than {least}"
    if most is not None and number > most:
        yield f"must be a number not greater than {most}"


def _length_problems(declared: Mapping[str, Any], text: str) -> Iterator[str]:
    least, most = _decimal(declared.get("MinLength")), _decimal(declared.get("MaxLength"))
    if least is not None and len(text) < least:
        yield f"must contain at least {least} characters"
    if most is not None and len(text) > most:
        yield f"must contain at most {most} characters"


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(scalar_text(value)) if value is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
