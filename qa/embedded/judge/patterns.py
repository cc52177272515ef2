"""Wildcards and policy variables of IAM's policy language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Lookup = Callable[[str], str | None]
"""From a condition key to its single value in the request; None when the request has none."""

TOKEN = re.compile(r"\$\{([^{}]*)\}|[*?]")
COLON = re.compile(r":(?![^{}]*\})")
DEFAULTED = re.compile(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*")
ARN_PARTS = 6


def text_matches(pattern: str, value: str, lookup: Lookup, *, ignore_case: bool = False) -> bool:
    """True when the pattern, with `*`, `?` and `${variables}`, covers the whole value."""
    regex = _constant(pattern) if "${" not in pattern else _with_variables(pattern, lookup)
    if regex is None:
        return False
    if ignore_case:
        return re.fullmatch(regex, value, re.IGNORECASE | re.DOTALL) is not None
    return re.fullmatch(regex, value, re.DOTALL) is not None


def arn_matches(pattern: str, arn: str, lookup: Lookup) -> bool:
    """True when an ARN pattern covers the ARN, part by part: a wildcard does not span the first colons.

    A pattern with fewer parts than an ARN is filled up with `*`, as IAM does.
    """
    if pattern == "*":
        return True
    given = arn.split(":", ARN_PARTS - 1)
    if len(given) < ARN_PARTS:
        return text_matches(pattern, arn, lookup)
    expected = COLON.split(pattern, ARN_PARTS - 1)
    expected += ["*"] * (ARN_PARTS - len(expected))
    return all(text_matches(part, value, lookup) for part, value in zip(expected, given, strict=True))


def expand(text: str, lookup: Lookup) -> str | None:
    """Return the text with its policy variables filled in; None when one has no value."""
    pieces = []
    end = 0
    for token in TOKEN.finditer(text):
        if token[1] is None:
            continue
        value = _variable(token[1], lookup)
        if value is None:
            return None
        pieces += [text[end : token.start()], value]
        end = token.end()
    return "".join([*pieces, text[end:]])


def variables(text: str) -> frozenset[str]:
    """Return the condition keys that a text mentions as policy variables."""
    names = (token[1] for token in TOKEN.finditer(text) if token[1])
    return frozenset(name.partition(",")[0].strip() for name in names if name not in ("*", "?", "$"))


@lru_cache(maxsize=4096)
def _constant(pattern: str) -> str:
    return "".join(_regex(piece) for piece in re.split(r"([*?])", pattern))


def _with_variables(pattern: str, lookup: Lookup) -> str | None:
    pieces = []
    end = 0
    for token in TOKEN.finditer(pattern):
        pieces.append(re.escape(pattern[end : token.start()]))
        end = token.end()
        if token[1] is None:
            pieces.append(_regex(token[0]))
            continue
        value = _variable(token[1], lookup)
        if value is None:
            return None
        pieces.append(re.escape(value))
    return "".join([*pieces, re.escape(pattern[end:])])


def _regex(piece: str) -> str:
    return {"*": ".*", "?": "."}.get(piece) or re.escape(piece)


def _variable(name: str, lookup: Lookup) -> str | None:
    if name in ("*", "?", "$"):
        return name
    defaulted = DEFAULTED.fullmatch(name)
    if defaulted is None:
        return lookup(name.strip())
    value = lookup(defaulted[1])
    return defaulted[2] if value is None else value
