"""A failing input made small: what can go without the failure going is taken out."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .given import written
from .judge import CHECK_FORMS, GRAPH_FORMS, judged
from .mutants import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .given import Given

_MOST_TRIES = 2_000


def shrunk(given: Given, folder: Path) -> Given:
    """Return a smaller input with a failure in common; parts of JSON go first, then any bytes."""
    expected = _failures(given, folder)
    tries = 0
    is_smaller = bool(expected)
    while is_smaller:
        is_smaller = False
        for smaller in _smaller(given):
            tries += 1
            if tries > _MOST_TRIES:
                return given
            if expected & _failures(smaller, folder):
                given, is_smaller = smaller, True
                break
    return given


def _failures(given: Given, folder: Path) -> set[str]:
    found = judged(given, folder, (*CHECK_FORMS, *GRAPH_FORMS)).failures
    return {re.sub(r"\d+", "0", failure.partition("\n")[0])[:80] for failure in found}


def _smaller(given: Given) -> Iterator[Given]:
    if given.options:
        yield replace(given, options=())
    try:
        body = json.loads(given.content)
    except (ValueError, RecursionError):
        yield from _fewer_bytes(given)
    else:
        yield from _fewer_parts(given, body)


def _fewer_parts(given: Given, body: Any) -> Iterator[Given]:
    for index in range(len(places(body))):
        smaller = copy.deepcopy(body)
        holder, key = places(smaller)[index]
        del holder[key]
        yield replace(written(smaller, kind=given.kind), name=given.name, options=given.options)


def _fewer_bytes(given: Given) -> Iterator[Given]:
    size = len(given.content)
    length = size // 2
    while length:
        for start in range(0, size, length):
            yield replace(given, content=given.content[:start] + given.content[start + length :])
        length //= 2
