"""AllowedPattern: whether a regular expression takes a whole text, in bounded time.

Python's matcher goes back over repeats, and `(a+)+$` keeps it busy for ever. It is used only where
the ways through the pattern are few; otherwise all ways are followed at once, position by position.
"""

from __future__ import annotations

import importlib
import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Step = Callable[["_Walk", "frozenset[int]"], "frozenset[int]"]

_parser = importlib.import_module("re._parser")  # what re itself parses with; no stubs
_LONGEST = 10_000
"""Characters of a pattern: more are a program, not a pattern."""
_FEW = 100_000
"""Ways times characters; Python's matcher tries as many in a few milliseconds."""
_MOST_STEPS = 50_000
_ANY_NUMBER = int(_parser.MAXREPEAT)
_CLASSES: dict[str, Callable[[str], bool]] = {  # Java's, which know ASCII only
    "CATEGORY_DIGIT": lambda each: "0" <= each <= "9",
    "CATEGORY_SPACE": lambda each: each in " \t\n\r\f\v",
    "CATEGORY_WORD": lambda each: each.isascii() and (each.isalnum() or each == "_"),
}


class PatternError(Exception):
    """The pattern is none, is not modelled, or takes too many steps for a text."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is matched against whole texts."""

    text: str
    _compiled: re.Pattern[str] = field(repr=False)
    _parsed: Any = field(repr=False)

    def takes(self, text: str) -> bool:
        """Say whether the pattern takes the whole text. Raises PatternError."""
        try:
            if _ways(self._parsed, len(text)) * (len(text) + 1) <= _FEW:
                return self._compiled.fullmatch(text) is not None
            return _takes_slowly(self, text)
        except RecursionError:
            raise PatternError("its groups are nested too deep") from None


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """Return a pattern. Raises PatternError for one that Java may read otherwise."""
    if len(text) > _LONGEST:
        raise PatternError(f"it is longer than {_LONGEST:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # [[a]] means a set in a set to Java, not to Python
            return Pattern(text, re.compile(text, re.ASCII), _parser.parse(text, re.ASCII))
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from None


@lru_cache(maxsize=1024)
def _takes_slowly(matcher: Pattern, text: str) -> bool:
    if matcher._parsed.state.flags & ~(re.ASCII | re.IGNORECASE):
        raise PatternError("its flags are not modelled where it may take long")
    walk = _Walk(text, ignores_case=bool(matcher._parsed.state.flags & re.IGNORECASE))
    return len(text) in walk.all_of(matcher._parsed, frozenset({0}))


def _ways(items: Any, length: int) -> int:
    """Return a bound of the ways that a matcher can go through items on a text of a length."""
    product = 1
    for operator, argument in items:
        product *= _ways_of_one(str(operator), argument, length)
        if product > _FEW:
            return _FEW + 1
    return product


def _ways_of_one(operator: str, argument: Any, length: int) -> int:
    match operator:
        case "BRANCH":
            return sum(_ways(branch, length) for branch in argument[1])
        case "SUBPATTERN":
            return _ways(argument[3], length)
        case "ASSERT" | "ASSERT_NOT":
            return _ways(argument[1], length)
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _ways_of_repeat(argument, length)
        case "ATOMIC_GROUP" | "POSSESSIVE_REPEAT" | "GROUPREF_EXISTS":
            return _FEW + 1
    return 1


def _ways_of_repeat(argument: Any, length: int) -> int:
    least, inner = int(argument[0]), argument[2]
    most = min(int(argument[1]), length + 1)
    once = _ways(inner, length)
    total = 0
    if once == 1:
        return most - min(least, most) + 1
    for times in range(min(least, most), most + 1):
        total += once**times
        if total > _FEW:
            break
    return total


class _Walk:
    """Follows all ways through a pattern at once: from positions in the text to positions."""

    def __init__(self, text: str, *, ignores_case: bool) -> None:
        self.text = text
        self.ignores_case = ignores_case
        self.steps = 0

    def all_of(self, items: Any, places: frozenset[int]) -> frozenset[int]:
        """Return where a sequence can end that starts at one of the places."""
        for operator, argument in items:
            places = self._one(str(operator), argument, places)
            if not places:
                break
        return places

    def _one(self, operator: str, argument: Any, places: frozenset[int]) -> frozenset[int]:
        self.steps += len(places) + 1
        if self.steps > _MOST_STEPS:
            raise PatternError(f"a text of {len(self.text)} characters takes it too long")
        match operator:
            case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY":
                return self._characters(operator, argument, places)
            case "BRANCH":
                return frozenset[int]().union(*(self.all_of(branch, places) for branch in argument[1]))
            case "SUBPATTERN" if not argument[1] and not argument[2]:
                return self.all_of(argument[3], places)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeated(argument, places)
            case "AT":
                return frozenset(place for place in places if self._is_at(str(argument), place))
            case "ASSERT" | "ASSERT_NOT" if argument[0] > 0:
                expects = operator == "ASSERT"
                return frozenset(
                    place for place in places if bool(self.all_of(argument[1], frozenset({place}))) is expects
                )
        raise PatternError(f"{operator} is not modelled where it may take long")

    def _repeated(self, argument: Any, places: frozenset[int]) -> frozenset[int]:
        least, most, inner = argument
        done = 0
        while done < least and places:
            places, before = self.all_of(inner, places), places
            done += 1
            if places == before:  # what takes no character takes it any number of times
                break
        found = new = places
        while new and (most == _ANY_NUMBER or done < most):
            new = self.all_of(inner, new) - found
            found |= new
            done += 1
        return found

    def _characters(self, operator: str, argument: Any, places: frozenset[int]) -> frozenset[int]:
        return frozenset(
            place + 1
            for place in places
            if place < len(self.text) and self._is_one(operator, argument, self.text[place])
        )

    def _is_one(self, operator: str, argument: Any, character: str) -> bool:
        if operator == "ANY":
            return character != "\n"
        each = {character}
        if self.ignores_case and character.isascii():
            each |= {character.lower(), character.upper()}
        if operator == "IN":
            is_negated = str(argument[0][0]) == "NEGATE"
            return any(_is_in(argument, one) for one in each) is not is_negated
        return (argument in map(ord, each)) is (operator == "LITERAL")

    def _is_at(self, where: str, place: int) -> bool:
        match where:
            case "AT_BEGINNING" | "AT_BEGINNING_STRING":
                return place == 0
            case "AT_END":
                return self.text[place:] in {"", "\n"}
            case "AT_END_STRING":
                return place == len(self.text)
            case "AT_BOUNDARY" | "AT_NON_BOUNDARY":
                is_word = _CLASSES["CATEGORY_WORD"]
                before, after = self.text[max(place - 1, 0) : place], self.text[place : place + 1]
                is_boundary = bool(before and is_word(before)) is not bool(after and is_word(after))
                return is_boundary is (where == "AT_BOUNDARY")
        raise PatternError(f"{where} is not modelled where it may take long")


def _is_in(members: Iterable[tuple[Any, Any]], character: str) -> bool:
    for operator, argument in members:
        match str(operator):
            case "LITERAL" if argument == ord(character):
                return True
            case "RANGE" if argument[0] <= ord(character) <= argument[1]:
                return True
            case "CATEGORY" if _is_of_class(str(argument), character):
                return True
    return False


def _is_of_class(name: str, character: str) -> bool:
    positive = name.replace("_NOT_", "_")
    return _CLASSES[positive](character) is (positive == name)
