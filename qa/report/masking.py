"""Secrets never stand in a report: the values that are known, and what looks like one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")

MASK = "•••"
SHORTEST = 8
"""A shorter value would be found everywhere."""
SHORTEST_PIECE, LONGEST_PIECE = 3, 250
"""How much of a known value may be left where a text was cut: pytest shortens to 240 characters."""
CUT = re.compile(r"(\.\.\.|…)")
NAMES = r"(?:password|passwd|secret|token|api_?key|secret_access_key)"
SHAPES = (
    # a private key, on lines of its own or with its line ends written out
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----.*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----|\Z)",
    r"(?<![\w-])(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b",
    # the query of a presigned URL: anyone who has it may use it
    r"(?<=X-Amz-Signature=)[0-9a-fA-F]+",
    r"(?<=X-Amz-Security-Token=)[^&\s\"']+",
    r"(?<=X-Amz-Credential=)[^&\s\"']+",
    r"(?<=Signature=)[0-9a-f]{64}",
    # the start of every session token that STS gives out
    r"\b(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=_%-]{16,}",
    # a JSON Web Token: header and payload are objects in base64url
    r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*",
    # tokens of GitHub, GitLab, Slack and of services that follow the form `sk-…`
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,})",
    r"\b(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|sk-(?:[a-z]+-){0,4}(?=[\w-]*\d)[\w-]{20,})",
    r"(?<=(?i:\bbearer) )[\w.~+/-]{16,}=*",
    # the password of a URL
    r"(?<=://)[^\s/:@\"'<>]*:[^\s/@\"'<>]+(?=@)",
    # a field whose name says that it is secret, as JSON, as Python and as JavaScript write it
    r"(?i:(?<=\")[\w-]*(?:password|passwd|secret|token|apikey|api_key)\w*\"\s*:\s*\"[^\"]+(?=\"))",
    r"(?i:(?<=')[\w-]*(?:password|passwd|secret|token|apikey|api_key)\w*'\s*:\s*'[^']+(?='))",
    # the same without quotes round the name: a shell, an INI file, an error message
    rf"(?i:(?<![\w-])[\w-]*{NAMES}\s?=\s?(?:\"[^\"\n]+\"|'[^'\n]+'|[^\s\"'&,;]+))",
    rf"(?i:(?<![\w-])[\w-]*{NAMES}:\s?(?:\"[^\"\n]+\"|'[^'\n]+'|(?=[^\s\"'&,;]*\d)[^\s\"'&,;:]{{6,}}))",
)
ASSIGNED_NAME = re.compile(rf"[\w-]*{NAMES}\s?[=:]", re.IGNORECASE)
ASSIGNED = re.compile(r"([\w-]+(?:\s?=\s?|:\s?)[\"']?)(.*?)([\"']?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Masker:
    """Replaces secrets by `•••`; `of` builds one."""

    pattern: re.Pattern[str]
    known: tuple[str, ...] = ()
    """The values among what is replaced, the longest first."""

    @classmethod
    def of(cls, *, values: Iterable[str] = (), shapes: Iterable[str] = ()) -> Masker:
        """Return a masker of these values and of these regular expressions, besides what it knows itself."""
        # the longest first: a value may be part of another one
        known = sorted({each for each in values if len(each) >= SHORTEST}, key=len, reverse=True)
        shown = (*map(re.escape, known), *shapes, *SHAPES)
        return cls(re.compile("|".join(f"(?s:{each})" for each in shown)), tuple(known))

    def text(self, text: str) -> str:
        """Return the text without its secrets, and legible; the name of a secret field stays."""
        # a secret is found as it is, and not as it is written out
        return legible(self._without_pieces(self.pattern.sub(_masked, text)))

    def _without_pieces(self, text: str) -> str:
        """Replace what is left of a known value where pytest cut it, as in 'hunter2-pla...'."""
        parts = CUT.split(text) if self.known else [text]
        for cut in range(1, len(parts), 2):
            parts[cut - 1] = self._without_beginning(parts[cut - 1])
            parts[cut + 1] = self._without_end(parts[cut + 1])
        return "".join(parts)

    def _without_beginning(self, text: str) -> str:
        """Replace the beginning of a value at the end of a text."""
        longest = max((_overlap(text, value) for value in self.known), default=0)
        return text[:-longest] + MASK if longest else text

    def _without_end(self, text: str) -> str:
        """Replace the end of a value at the beginning of a text."""
        head = text[:LONGEST_PIECE][::-1]
        longest = max((_overlap(head, value[::-1]) for value in self.known), default=0)
        return MASK + text[longest:] if longest else text

    def value(self, value: T) -> T:
        """Return a value of the same shape, every text in it masked: dataclasses, tuples, lists, mappings."""
        masked: Any = self._value(value)
        return masked  # type: ignore[no-any-return]  # the shape stays

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._value(key): self._value(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._value(each) for each in value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {each.name: self._value(getattr(value, each.name)) for each in dataclasses.fields(value)}
            return dataclasses.replace(value, **fields)
        return value


def _overlap(text: str, value: str) -> int:
    """Return how many characters at the end of a text are the beginning of a value; 0 if too few."""
    at = text.find(value[:SHORTEST_PIECE], max(0, len(text) - LONGEST_PIECE))
    while at >= 0 and not value.startswith(text[at:]):
        at = text.find(value[:SHORTEST_PIECE], at + 1)
    return 0 if at < 0 else len(text) - at


def _masked(found: re.Match[str]) -> str:
    name, separator, _ = found[0].partition(":")
    if separator and name.endswith(('"', "'")):
        return f"{name}: {name[-1]}{MASK}"
    if re.match(ASSIGNED_NAME, found[0]) and (parts := ASSIGNED.fullmatch(found[0])):
        return f"{parts[1]}{MASK}{parts[3]}"
    return MASK
