"""Templates in JSON: a fast reader, and a slow one that knows where everything stands."""

from __future__ import annotations

import itertools
import json
import math
import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NoReturn

from .errors import DuplicateKeyError, NestingError, TemplateSyntaxError
from .nesting import MAX_DEPTH, too_deep_message
from .positions import Path, Position, duplicate_message, position_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_LONGEST_INTEGER = 4000  # digits; Python refuses to convert more than 4,300


class _RefusedError(Exception):
    """The fast reader met something to refuse; the slow one finds out where."""


def read_json(text: str, *, source: str) -> Any:
    """Return the parsed text; duplicate keys, NaN, infinities and deep nesting are refused."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise _syntax_error(error, source) from None
    except RecursionError:
        raise too_deep(text, source=source) from None
    except _RefusedError:
        _explain(text, source=source)


def json_positions(text: str) -> Mapping[Path, Position]:
    """Return the position of every key and list element of a JSON text."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    positions = {}
    for path, offset in _located(text):
        line = bisect_right(starts, offset)
        positions[path] = Position(line, offset - starts[line - 1] + 1)
    return positions


def too_deep(text: str, *, source: str) -> NestingError:
    """Return the error that points at the first bracket below the deepest level allowed."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in "{[") - (match[0] in "}]")
        if depth > MAX_DEPTH:
            return NestingError(too_deep_message(), source=source, position=position_at(text, match.start()))
    return NestingError(too_deep_message(), source=source)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RefusedError
    return members


def _refuse(_: str) -> NoReturn:
    raise _RefusedError


def _finite(digits: str) -> float:
    number = float(digits)
    return _refuse(digits) if math.isinf(number) else number


def _integer(digits: str) -> int:
    return _refuse(digits) if len(digits) > _LONGEST_INTEGER else int(digits)


def _syntax_error(error: json.JSONDecodeError, source: str) -> TemplateSyntaxError:
    position = Position(error.lineno, error.colno)
    return TemplateSyntaxError(f"not JSON: {error.msg}", source=source, position=position)


def _explain(text: str, *, source: str) -> NoReturn:
    try:  # behind what was refused anything may stand
        json.loads(text, parse_constant=str, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        raise _syntax_error(error, source) from None
    except RecursionError:
        raise too_deep(text, source=source) from None
    _refuse_duplicates(text, source=source)
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word[0] in '"{}[],:' or word in {"true", "false", "null"}:
            continue
        if len(word) > _LONGEST_INTEGER or not math.isfinite(float(word)):
            shown = word if len(word) <= 20 else f"{word[:20]}…"
            message = f"{shown} is no number that a template can hold"
            raise TemplateSyntaxError(message, source=source, position=position_at(text, match.start()))
    raise TemplateSyntaxError("a value was refused", source=source)


def _refuse_duplicates(text: str, *, source: str) -> None:
    seen: dict[Path, int] = {}
    for path, offset in _located(text):
        if path in seen:
            first = position_at(text, seen[path])
            message = duplicate_message(path[-1], first)
            raise DuplicateKeyError(message, source=source, position=position_at(text, offset))
        seen[path] = offset


def _located(text: str) -> Iterator[tuple[Path, int]]:
    """Yield path and offset of each key and list element in text order."""
    opened: list[tuple[Path, Iterator[int] | None]] = []  # path, and the indexes of a list
    pending: Path | None = None  # the key whose value comes next
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in ":,":
            continue
        if word in "}]":
            opened.pop()
            continue
        here, pending = pending or (), None
        if opened and not here:
            path, indexes = opened[-1]
            here = (*path, next(indexes) if indexes else _key(word))
            yield here, match.start()
            if not indexes:
                pending = here
                continue
        if word in "{[":
            opened.append((here, itertools.count() if word == "[" else None))


def _key(word: str) -> str:
    """Return what a key's token says. Most have no escape, and a JSON reader for each took half the time."""
    return str(json.loads(word, strict=False)) if "\\" in word else word[1:-1]
