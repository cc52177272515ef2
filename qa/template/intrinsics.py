"""The functions that make values."""

from __future__ import annotations

import base64
import ipaddress
import itertools
import json
from typing import TYPE_CHECKING, Any

from .pseudo import NO_VALUE
from .resolver import NotModelledError, ProblemError, Resolver
from .scalars import is_scalar, scalar_text
from .substitution import Variable, substitution
from .unknowns import (
    AvailabilityZones,
    Computed,
    Concatenation,
    ImportedValue,
    Unknown,
    concatenated,
    frozen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def ref(resolver: Resolver, argument: Any) -> Any:
    """Ref: a parameter's value, a pseudo parameter's, or a resource's.

    With AWS::LanguageExtensions the name may be a function.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
    """
    name = _name(resolver, argument)
    if isinstance(name, Unknown):
        return Computed("Ref", (name,))
    if not isinstance(name, str):
        raise ProblemError("Template error: every Ref object must have a single String value.")
    return resolver.ref(name)


def _name(resolver: Resolver, argument: Any) -> Any:
    return resolver.resolve(argument) if resolver.is_extended and isinstance(argument, dict) else argument


def get_att(resolver: Resolver, argument: Any) -> Any:
    """Fn::GetAtt, as a list or dotted; the attribute may be a Ref to a parameter.

    With AWS::LanguageExtensions the resource may be named by a function, too.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
    """
    argument = _name(resolver, argument)
    if isinstance(argument, str) and "." in argument:
        argument = argument.split(".", 1)
    name = _name(resolver, argument[0]) if isinstance(argument, list) and len(argument) == 2 else None
    if isinstance(name, Unknown) or isinstance(argument, Unknown):
        return Computed("Fn::GetAtt", (argument,) if name is None else (name, frozen(argument[1])))
    if not isinstance(name, str):
        raise ProblemError(
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
    return resolver.attribute(name, _text(resolver.part(argument, 1), "the attribute of Fn::GetAtt"))


def sub(resolver: Resolver, argument: Any) -> str | Unknown:
    """Fn::Sub, with or without a map of its own variables, which shadow everything else."""
    text, own = argument, {}
    if isinstance(argument, list) and len(argument) == 2:
        text, own = argument
    if not isinstance(text, str) or not isinstance(own, dict):
        raise ProblemError(
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
            "Specify a string as first argument, and an optional second argument "
            "to specify a mapping of values to replace in the string"
        )
    return _made_of(resolver, _sub_pieces(resolver, text, own))


def _sub_pieces(resolver: Resolver, text: str, own: Mapping[str, Any]) -> Iterator[str | Unknown]:
    """Yield the pieces of a text; a variable is resolved once, and paid for as often as it stands there."""
    known: dict[str, tuple[str | Unknown, int]] = {}
    for piece in substitution(text):
        if isinstance(piece, str):
            yield piece
            continue
        if piece.name in known:
            resolver.budget.spend(known[piece.name][1])
        else:
            before = resolver.budget.left
            value = _substituted(resolver, piece, own)
            known[piece.name] = value, before - resolver.budget.left
        yield known[piece.name][0]


def _substituted(resolver: Resolver, variable: Variable, own: Mapping[str, Any]) -> str | Unknown:
    if variable.name in own:
        value = _own_value(resolver, own, variable.name)
    elif not variable.is_valid:
        raise ProblemError(
            "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
            f"underscores, periods, and colons; found {variable.name!r}"
        )
    elif variable.attribute is not None:
        value = resolver.attribute(variable.target, variable.attribute)
    else:
        value = resolver.ref(variable.name)
    return "" if value is NO_VALUE else _text(value, f"variable {variable.name} in Fn::Sub expression")


def _own_value(resolver: Resolver, own: Mapping[str, Any], name: str) -> Any:
    try:
        return resolver.part(own, name)
    except ProblemError as problem:
        problem.reversed_path.append(1)
        raise


def join(resolver: Resolver, argument: Any) -> str | Unknown:
    """Fn::Join of a list, or of a function or parameter that gives one."""
    delimiter, members = _pair(resolver, argument, _JOIN)
    if isinstance(members, Unknown):
        return Computed("Fn::Join", (delimiter, members))
    if not isinstance(delimiter, str) or not isinstance(members, list):
        raise ProblemError(_JOIN)
    if not all(isinstance(member, Unknown) or is_scalar(member) for member in members):
        raise ProblemError(_JOIN)
    parts = ((delimiter, _text(member, "a value of Fn::Join")) for member in members)
    return _made_of(resolver, itertools.islice(itertools.chain.from_iterable(parts), 1, None))


_JOIN = (
    "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
    "(2) a list of strings to be joined or a function that returns a list of strings "
    "(such as Fn::GetAZs) to be joined."
)


def split(resolver: Resolver, argument: Any) -> Any:
    """Fn::Split; unknown when the text has unknown parts, which may hold the delimiter."""
    delimiter, text = _pair(resolver, argument, _SPLIT)
    if isinstance(delimiter, str) and delimiter and isinstance(text, Unknown):
        return Computed("Fn::Split", (delimiter, text))
    if not isinstance(delimiter, str) or not delimiter or not isinstance(text, str):
        raise ProblemError(_SPLIT)
    return text.split(delimiter)


_SPLIT = (
    "Template error: every Fn::Split object requires two parameters, "
    "(1) a string delimiter and (2) a string to be split or a function that returns a string to be split."
)


def select(resolver: Resolver, argument: Any) -> Any:
    """Fn::Select; the index may be text."""
    index, members = _pair(resolver, argument, "Template error: Fn::Select requires an index and a list")
    if isinstance(index, Unknown) or isinstance(members, Unknown):
        number = index if isinstance(index, Unknown) else _whole(index, "the index of Fn::Select")
        return Computed("Fn::Select", (number, frozen(members)))
    number = _whole(index, "the index of Fn::Select")
    if not isinstance(members, list):
        raise ProblemError(
            "Template error: Fn::Select requires a list argument with two elements: index and list"
        )
    if not 0 <= number < len(members):
        raise ProblemError(f"Template error: Fn::Select cannot select nonexistent value at index {number}")
    return members[number]


def find_in_map(resolver: Resolver, argument: Any) -> Any:
    """Fn::FindInMap; DefaultValue needs no transform any more, other functions for keys do.

    https://github.com/aws-cloudformation/cfn-lint/pull/4628

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
    """
    if not (isinstance(argument, list) and len(argument) in {3, 4}):
        raise ProblemError(
            "Template error: every Fn::FindInMap object requires three parameters, "
            "the map name, map key and the attribute for return value"
        )
    _check_extensions(resolver, argument)
    keys = [resolver.part(argument, index) for index in range(3)]
    if any(isinstance(key, Unknown) for key in keys):
        return Computed("Fn::FindInMap", tuple(frozen(key) for key in keys))
    found: Any = resolver.mappings
    for key in map(scalar_text, keys):
        if not isinstance(found, dict) or key not in found:
            if isinstance(found, dict) and "Fn::Transform" in found:
                raise NotModelledError("no support for a mapping that 'Fn::Transform' makes")
            return _default(resolver, argument, keys)
        found = found[key]
    return found


def _check_extensions(resolver: Resolver, argument: list[Any]) -> None:
    for part in argument[:3]:
        if isinstance(part, dict) and part.keys() - {"Ref", "Fn::FindInMap"}:
            resolver.extension(f"{next(iter(part))} in Fn::FindInMap")


def _default(resolver: Resolver, argument: list[Any], keys: list[Any]) -> Any:
    options = argument[3] if len(argument) == 4 else None
    if isinstance(options, dict) and options.keys() == {"DefaultValue"}:
        return resolver.part(argument, 3, "DefaultValue")
    raise ProblemError(f"Template error: Unable to get mapping for {'::'.join(map(scalar_text, keys))}")


def base64_text(resolver: Resolver, argument: Any) -> Any:
    """Fn::Base64 of a text."""
    value = _text(resolver.resolve(argument), "the value of Fn::Base64")
    if isinstance(value, Unknown):
        return Computed("Fn::Base64", (value,))
    return _paid(resolver, base64.b64encode(value.encode("utf-8", "surrogatepass")).decode("ascii"))


def cidr(resolver: Resolver, argument: Any) -> Any:
    """Fn::Cidr: the first `count` blocks with `cidrBits` host bits, IPv4 or IPv6."""
    if not (isinstance(argument, list) and len(argument) in {2, 3}):
        raise ProblemError("Template error: Fn::Cidr requires ipBlock, count and cidrBits")
    if len(argument) == 2:
        raise NotModelledError("no support for 'Fn::Cidr' without cidrBits")
    values = [resolver.part(argument, index) for index in range(3)]
    if any(isinstance(value, Unknown) for value in values):
        return Computed("Fn::Cidr", tuple(frozen(value) for value in values))
    count, bits = _whole(values[1], "the count of Fn::Cidr"), _whole(values[2], "the cidrBits of Fn::Cidr")
    try:
        block = ipaddress.ip_network(scalar_text(values[0]), strict=False)
        subnets = block.subnets(new_prefix=block.max_prefixlen - bits)
        found = [str(subnet) for subnet in itertools.islice(subnets, min(max(count, 0), 256))]
    except ValueError as error:
        raise ProblemError(f"Template error: Fn::Cidr: {error}") from None
    if not 1 <= count <= 256 or len(found) < count:
        raise ProblemError(
            f"Template error: Fn::Cidr: {values[0]} does not hold {count} blocks of {bits} bits"
        )
    return found


def get_azs(resolver: Resolver, argument: Any) -> AvailabilityZones:
    """Fn::GetAZs: unknown offline; an empty text means the stack's own region."""
    region = resolver.resolve(argument)
    return AvailabilityZones(resolver.values["AWS::Region"] if region == "" else frozen(region))


def import_value(resolver: Resolver, argument: Any) -> ImportedValue:
    """Fn::ImportValue: unknown, distinguished by the export's name."""
    return ImportedValue(_text(resolver.resolve(argument), "the name of Fn::ImportValue"))


def length(resolver: Resolver, argument: Any) -> Any:
    """Fn::Length of a list."""
    resolver.extension("Fn::Length")
    members = resolver.resolve(argument)
    if isinstance(members, Unknown):
        return Computed("Fn::Length", (members,))
    if not isinstance(members, list):
        raise ProblemError("Template error: Fn::Length requires a list")
    return len(members)


def to_json_string(resolver: Resolver, argument: Any) -> str | Unknown:
    """Fn::ToJsonString of a list or map; unknown parts stay parts of the text."""
    resolver.extension("Fn::ToJsonString")
    value = resolver.resolve(argument)
    if isinstance(value, Unknown):
        return Computed("Fn::ToJsonString", (value,))
    marks: dict[str, Unknown] = {}

    def marked(unknown: object) -> str:
        mark = f"\ue000{len(marks)}\ue001"
        marks[mark] = unknown  # type: ignore[assignment]  # json hands over nothing but what it cannot write
        return mark

    text = _paid(resolver, json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=marked))
    parts: list[str | Unknown] = []
    for mark, unknown in marks.items():
        before, _, text = text.partition(mark)
        parts += [before, unknown]
    return concatenated([*parts, text])


def transform(_: Resolver, argument: Any) -> Any:
    """Fn::Transform runs a macro in AWS: refused by name."""
    name = argument.get("Name") if isinstance(argument, dict) else argument
    raise NotModelledError(f"no support for 'Fn::Transform' (macro {name!r}): it runs in AWS")


def _pair(resolver: Resolver, argument: Any, message: str) -> tuple[Any, Any]:
    if not (isinstance(argument, list) and len(argument) == 2):
        raise ProblemError(message)
    return resolver.part(argument, 0), resolver.part(argument, 1)


def _text(value: Any, what: str) -> str | Unknown:
    if isinstance(value, Unknown):
        return value
    if not is_scalar(value):
        raise ProblemError(f"Template error: {what} does not resolve to a string")
    return scalar_text(value)


_PIECE = 10
"""Characters that a piece counts as beside its own: it costs time, be it empty."""


def _made_of(resolver: Resolver, parts: Iterable[str | Unknown]) -> str | Unknown:
    """Return the parts as one value; its size is taken from the budget while it grows."""

    def paid() -> Iterator[str | Unknown]:
        for part in parts:
            pieces = part.parts if isinstance(part, Concatenation) else (part,)
            resolver.budget.spend(sum(len(piece) if isinstance(piece, str) else 0 for piece in pieces))
            resolver.budget.spend(_PIECE * len(pieces))
            yield part

    return concatenated(paid())


def _paid(resolver: Resolver, text: str) -> str:
    resolver.budget.spend(len(text))
    return text


def _whole(value: Any, what: str) -> int:
    try:
        return int(scalar_text(value)) if is_scalar(value) else int("")
    except ValueError:
        raise ProblemError(f"Template error: {what} is {value!r}, not a whole number") from None


VALUE_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::FindInMap": find_in_map,
    "Fn::Base64": base64_text,
    "Fn::Cidr": cidr,
    "Fn::GetAZs": get_azs,
    "Fn::ImportValue": import_value,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
    "Fn::Transform": transform,
}
