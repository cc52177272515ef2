"""Two opinions of one template, laid side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from qa.errors import QaError
from qa.template import parse_template

from . import ours, theirs
from .opinion import READING, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Path

    from .opinion import Opinion

Side = Literal["qa", "cfn-lint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A template and what both say of it in one region."""

    source: str
    text: str = field(repr=False)
    region: str
    qa: Opinion
    cfn_lint: Opinion

    @property
    def agreed(self) -> frozenset[Place]:
        """What both say."""
        return frozenset(self.qa.said.keys() & self.cfn_lint.said.keys())

    def disagreements(self) -> Iterator[Disagreement]:
        """Yield what only one says; of a template that only one can read, nothing but that."""
        body = _body(self.text)
        is_read = self.qa.refusal is None and self.cfn_lint.refusal is None
        both: tuple[tuple[Side, Opinion, Opinion], ...] = (
            ("qa", self.qa, self.cfn_lint),
            ("cfn-lint", self.cfn_lint, self.qa),
        )
        for side, one, other in both:
            said = {**one.said} if is_read else {}
            if one.refusal is not None and other.refusal is None:
                said[Place(READING, ())] = one.refusal
            for place in said.keys() - other.said.keys():
                yield Disagreement(side=side, place=place, words=said[place], body=body, comparison=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A place where one of the two finds something and the other does not."""

    side: Side
    """Who finds it."""
    place: Place
    words: str
    body: dict[str, Any] = field(repr=False)
    """The template as data, short tags written out."""
    comparison: Comparison = field(repr=False)

    @property
    def other(self) -> Opinion:
        """What the one says who does not find it."""
        return self.comparison.cfn_lint if self.side == "qa" else self.comparison.qa

    @property
    def resource(self) -> dict[str, Any]:
        """The resource it is about, as written; {} when the template as written has none."""
        found = self.at(self.place.path[:2])
        return found if isinstance(found, dict) else {}

    def at(self, path: Path) -> Any:
        """Return what stands at a path of the template as written; None when nothing does."""
        value: Any = self.body
        for key in path:
            if isinstance(value, dict):
                value = value.get(key, value.get(str(key)))
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
            else:
                return None
        return value


def compared(text: str, *, source: str, region: str) -> Comparison:
    """Return what both say of a template."""
    return Comparison(
        source=source,
        text=text,
        region=region,
        qa=ours.opinion(text, region),
        cfn_lint=theirs.opinion(text, region),
    )


def _body(text: str) -> dict[str, Any]:
    try:
        return dict(parse_template(text).body)
    except QaError:
        return {}
