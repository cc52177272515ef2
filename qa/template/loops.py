"""Fn::ForEach written out, and the names that the language extensions let functions make.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .pseudo import NO_VALUE
from .resolver import NotModelledError, ProblemError
from .scalars import is_scalar, scalar_text
from .shape import LOOP
from .unknowns import Unknown, unknowns_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .positions import Path
    from .resolver import Resolver

MOST_NESTED = 5
"""https://github.com/aws-cloudformation/cfn-language-discussion/blob/main/RFCs/0009-Fn%3A%3AForEach.md"""
_LAYOUT = 'write {"Fn::ForEach::Name": ["Identifier", ["A", "B"], {"Key${Identifier}": …}]}'
_COLLECTION = "write a list, or Ref of a CommaDelimitedList, or Fn::FindInMap of a list"
MOST_WRITTEN = 2_000_000
"""Characters that loops may make; CloudFormation takes templates of 1 MB, the written out one included."""
_COST_OF_A_ROUND = 100
"""In characters: rounds that make nothing take time, too."""

_NO_PARAMETER = ("Template format error: Unresolved", "Template error: instance of Fn::GetAtt references")
_PLACEHOLDER = re.compile(r"([$&])\{([^{}]*)\}")
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopProblem:
    """A loop that CloudFormation cannot write out."""

    path: Path
    """In the text."""
    message: str
    fix: str
    hangs_on_parameters: bool = False
    """Another value of a parameter may fix it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPlace:
    """A loop or an entry that cannot be known here, and so is left out."""

    path: Path
    """In the text."""
    reason: str
    unknowns: tuple[Unknown, ...] = ()
    """What it hangs on, where that is known."""


@dataclass(frozen=True, slots=True)
class OpenName:
    """Names that what was left out may have: `parts` with anything between them."""

    section: str
    parts: tuple[str, ...]

    def fits(self, name: str) -> bool:
        """Say whether a name may be one of them."""
        first, *others = self.parts
        if not others:
            return name == first
        *inner, last = others
        if not (name.startswith(first) and name.endswith(last) and len(name) >= len(first) + len(last)):
            return False
        at = len(first)
        for part in inner:
            at = name.find(part, at, len(name) - len(last))
            if at < 0:
                return False
            at += len(part)
        return True


class SetAsideError(Exception):
    """Something cannot be written out; why is noted already."""


class _TooMuchError(Exception):
    """The loops make more than any template may hold."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """The identifiers of the loops around a place."""

    values: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    hangs: bool = False
    """The values are of parameters."""


@dataclass(frozen=True, slots=True)
class _At:
    """Where a part will stand, and where in the text it stands."""

    path: Path
    origin: Path
    is_moved: bool = False
    """The second does not follow from where what holds the part stands."""

    def below(self, name: str | int, key: str | int) -> _At:
        """Return the place of a member, by its new key and the one in the text."""
        return _At((*self.path, name), (*self.origin, key), self.is_moved or name != key)


@dataclass(slots=True)
class Unroller:
    """Writes the loops of a template's sections out and gathers what it cannot."""

    resolver: Resolver
    """Knows parameters, pseudo parameters and mappings; no resources."""
    parameters: frozenset[str]
    sets_aside: bool
    """Without the transform: loops are left out, functions as they are."""
    left_out: dict[Path, None] = field(default_factory=dict)
    """Loops that were, for that reason."""
    origins: dict[Path, Path] = field(default_factory=dict)
    problems: dict[tuple[Path, str], LoopProblem] = field(default_factory=dict)
    """One of a kind at a place: the rounds of a loop have the same."""
    open_places: dict[Path, OpenPlace] = field(default_factory=dict)
    open_names: dict[OpenName, None] = field(default_factory=dict)
    of_parameters: set[Path] = field(default_factory=set)
    """Entries that hang on the values of parameters, as their names come out."""
    spent: int = 0

    def section(self, name: str, entries: Mapping[str, Any]) -> dict[str, Any]:
        """Return a section with its loops written out; what cannot be known is left out."""
        found: dict[str, Any] = {}
        try:
            self._fill(found, entries, _Scope(), _At((name,), (name,)), section=name)
        except _TooMuchError:
            path = next(((name, key) for key in entries if key.startswith(LOOP)), (name,))
            message = f"The loops of {name} unfold into more than CloudFormation takes, a template of 1 MB"
            self._refuse(path, message, fix="split the stack, or shorten the collections")
            self.sets_aside = True
            return self.section(name, entries)
        return found

    def _fill(
        self,
        found: dict[str, Any],
        members: Mapping[str, Any],
        scope: _Scope,
        at: _At,
        *,
        section: str | None = None,
    ) -> None:
        """Write the members of an object into `found`.

        In a `section`, entries are left out if they must be; elsewhere the whole entry is.
        """
        for key, member in members.items():
            try:
                if key.startswith(LOOP):
                    for inner in self._rounds(member, scope, (*at.origin, key)):
                        body = _At(at.path, (*at.origin, key, 2), is_moved=True)
                        self._fill(found, member[2], inner, body, section=section)
                else:
                    self._add(found, key, member, scope, at)
            except SetAsideError:
                if section is None:
                    raise
                self.open_names.update(dict.fromkeys(self._names(section, key, member, scope)))

    def _add(self, found: dict[str, Any], key: str, member: Any, scope: _Scope, at: _At) -> None:
        name = self._text(key, scope)
        here = at.below(name, key)
        if not scope.values and name not in found and _is_plain(member):
            found[name] = member
            return
        if name in found:
            self._refuse_twice(name, here, scope)
            return
        if here.is_moved:
            self._move(here, scope)
        value = self._value(member, scope, _At(here.path, here.origin))
        found[name] = self._entry(value, here.origin) if len(here.path) == 2 else value

    def _refuse_twice(self, name: str, at: _At, scope: _Scope) -> None:
        origin = at.origin if at.is_moved else self.origins.get(at.path, at.origin)
        fix = "put each loop's ${Identifier} into the key"
        self._refuse(origin, f"Fn::ForEach makes {name} more than once", fix=fix, hangs=scope.hangs)

    def _move(self, at: _At, scope: _Scope) -> None:
        self.origins[at.path] = at.origin
        if scope.hangs:
            self.of_parameters.add(at.path[:2])
        section, name = at.path[0], str(at.path[1])
        if len(at.path) == 2 and section != "Conditions" and _NOT_ALPHANUMERIC.search(name):
            words = f"Fn::ForEach makes the name {name!r}; a name has letters and digits only"
            fix = "write &{Identifier} in the key: it drops all other characters"
            self._refuse(at.origin, words, fix=fix, hangs=scope.hangs)

    def _value(self, value: Any, scope: _Scope, at: _At) -> Any:
        if isinstance(value, str):
            return self._text(value, scope)
        if isinstance(value, list):
            return [self._value(member, scope, at.below(index, index)) for index, member in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made: dict[str, Any] = {}
        self._fill(made, value, scope, at)
        return self._named(made, scope) if len(made) == 1 and not self.sets_aside else made

    def _text(self, text: str, scope: _Scope) -> str:
        """Return a text with the identifiers replaced; &{X} stands for the letters and digits of ${X}."""
        if not scope.values:
            return text

        def value_of(match: re.Match[str]) -> str:
            value = scope.values.get(match[2])
            if value is None:
                return match[0]
            self._spend(len(value))
            return value if match[1] == "$" else _NOT_ALPHANUMERIC.sub("", value)

        self._spend(len(text) + 1)
        return _PLACEHOLDER.sub(value_of, text) if "{" in text else text

    def _spend(self, characters: int) -> None:
        self.spent += characters
        if self.spent > MOST_WRITTEN:
            raise _TooMuchError

    def _named(self, function: dict[str, Any], scope: _Scope) -> Any:
        """Return a function with the names that it is given by functions resolved, where they can be."""
        ((name, argument),) = function.items()
        if name == "Ref":
            target = self._known(argument)
            is_identifier = isinstance(target, str) and target in scope.values
            return scope.values[target] if is_identifier else {name: target}
        if name == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else [argument]
            known = [self._known(part) for part in parts]
            return {name: known if isinstance(argument, list) else known[0]}
        if name == "Fn::FindInMap" and isinstance(argument, list) and argument:
            return {name: [self._known(argument[0]), *argument[1:]]}
        return function

    def _known(self, value: Any) -> Any:
        """Return the text that a function gives; the function itself where that is not known."""
        found = self._resolved(value) if isinstance(value, dict) else value
        return scalar_text(found) if is_scalar(found) else value

    def _resolved(self, value: Any) -> Any:
        try:
            return self.resolver.resolve(value)
        except ProblemError:
            return None

    def _entry(self, entry: Any, origin: Path) -> Any:
        """Return an entry whose Condition and DependsOn are names, if functions give them."""
        if not isinstance(entry, dict) or self.sets_aside:
            return entry
        if isinstance(entry.get("Condition"), dict) and origin[0] != "Conditions":
            condition = self._resolved(entry["Condition"])
            if condition is NO_VALUE:
                return {key: value for key, value in entry.items() if key != "Condition"}
            if not isinstance(condition, str):
                self._leave((*origin, "Condition"), "its condition is not known here", condition)
            entry = {**entry, "Condition": condition}
        if origin[0] == "Resources" and not _are_names(needs := entry.get("DependsOn")):
            known = [self._known(need) for need in needs] if isinstance(needs, list) else self._known(needs)
            if not _are_names(known):
                self._leave((*origin, "DependsOn"), "what it depends on is not known here", known)
            entry = {**entry, "DependsOn": known}
        return entry

    def _rounds(self, loop: Any, scope: _Scope, origin: Path) -> Iterator[_Scope]:
        """Yield the scope of each round of a loop. Raises SetAsideError, the reason noted."""
        if self.sets_aside:
            self.left_out[origin] = None
            raise SetAsideError
        if not (isinstance(loop, list) and len(loop) == 3 and isinstance(loop[2], dict) and loop[0]):
            self._refuse(origin, "Fn::ForEach takes an identifier, a collection and an object", fix=_LAYOUT)
            raise SetAsideError
        identifier, collection, _ = loop
        if isinstance(identifier, list):
            self._leave(origin, "several identifiers in one loop are not modelled")
        if not isinstance(identifier, str) or identifier in scope.values:
            words = "is that of a loop around it" if isinstance(identifier, str) else "is no text"
            message = f"The identifier of Fn::ForEach, {_shown(identifier)}, {words}"
            self._refuse((*origin, 0), message, fix="give each loop an identifier of its own")
            raise SetAsideError
        if scope.depth == MOST_NESTED:
            message = f"Fn::ForEach is nested more than {MOST_NESTED} levels deep"
            self._refuse(origin, message, fix="take a loop out, or split the stack")
            raise SetAsideError
        hangs = scope.hangs or bool(_names_in(collection) & self.parameters)
        for item in self._items(collection, scope, (*origin, 1)):
            self._spend(_COST_OF_A_ROUND)
            yield _Scope({**scope.values, identifier: item}, scope.depth + 1, hangs)

    def _items(self, collection: Any, scope: _Scope, origin: Path) -> list[str]:
        written = self._value(collection, scope, _At(origin, origin))
        try:
            found = self.resolver.resolve(written)
        except NotModelledError as problem:
            self._leave(origin, problem.message)
        except ProblemError as problem:
            words = problem.message
            if words.startswith(_NO_PARAMETER):
                words = "Fn::ForEach iterates over parameters and mappings, not over what is made later"
            hangs = scope.hangs or bool(_names_in(written) & self.parameters)
            self._refuse((*origin, *problem.path), words, fix=_COLLECTION, hangs=hangs)
            raise SetAsideError from None
        unknowns = unknowns_in(found)
        if unknowns:
            self._leave(origin, "its collection is not known here", found)
        if not (isinstance(found, list) and all(map(is_scalar, found))):
            self._refuse(origin, f"Fn::ForEach takes a list of texts, not {_shown(found)}", fix=_COLLECTION)
            raise SetAsideError
        return [scalar_text(item) for item in found]

    def _leave(self, origin: Path, reason: str, found: Any = None) -> None:
        unknowns = tuple(dict.fromkeys(unknowns_in(found)))
        self.open_places[origin] = OpenPlace(path=origin, reason=reason, unknowns=unknowns)
        raise SetAsideError

    def _refuse(self, origin: Path, message: str, *, fix: str, hangs: bool = False) -> None:
        problem = LoopProblem(path=origin, message=message, fix=fix, hangs_on_parameters=hangs)
        self.problems.setdefault((origin, fix), problem)

    def _names(self, section: str, key: str, member: Any, scope: _Scope) -> Iterator[OpenName]:
        """Yield the names that an entry, or those of a loop, may have."""
        if not key.startswith(LOOP):
            pieces = _PLACEHOLDER.split(self._text(key, scope))
            yield OpenName(section, tuple(pieces[::3]))
        elif isinstance(member, list) and member and isinstance(member[-1], dict):
            for inner, value in member[-1].items():
                yield from self._names(section, inner, value, scope)


def _is_plain(value: Any) -> bool:
    """Say whether nothing in a value is to be written out: no loop, no name that a function gives."""
    if isinstance(value, dict):
        return all(
            not (key.startswith(LOOP) or (key in _NAMING and _is_by_function(member))) and _is_plain(member)
            for key, member in value.items()
        )
    return not isinstance(value, list) or all(map(_is_plain, value))


_NAMING = {"Ref", "Fn::GetAtt", "Fn::FindInMap", "Condition", "DependsOn"}


def _is_by_function(argument: Any) -> bool:
    members = argument if isinstance(argument, list) else [argument]
    return any(isinstance(member, dict) for member in members)


def _are_names(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(name, str) for name in value)
    return value is None or isinstance(value, str)


def _names_in(value: Any) -> set[str]:
    """Return all texts in a value: among them the names of the parameters it refers to."""
    if isinstance(value, dict):
        return {name for member in value.values() for name in _names_in(member)}
    if isinstance(value, list):
        return {name for member in value for name in _names_in(member)}
    return {value} if isinstance(value, str) else set()


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    return "a list of others" if isinstance(value, list) else repr(value)
