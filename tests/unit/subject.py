"""What the checks look at, built once; the pairing builds the same from a mutated template."""

from __future__ import annotations

import inspect
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.template import parse_template

from .stack import EAST, WEST, stack_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.template import Template

    from .stack import Stack

LIB = Path(__file__).resolve().parents[2] / "lib"
LONGEST_SUFFIX = "q" * 20


class Subject:
    """The template and the processor's source; everything else follows when it is asked for.

    Each public name is what a check receives for a parameter of that name.
    """

    def __init__(self, *, text: str, source: str) -> None:
        self.text = text
        self.source = source

    @cached_property
    def template(self) -> Template:
        """The parsed template."""
        return parse_template(self.text, source="lib/TapStack.json")

    @cached_property
    def east(self) -> Stack:
        """The stack of the primary region."""
        return stack_of(self.template, EAST)

    @cached_property
    def west(self) -> Stack:
        """The stack of the secondary region."""
        return stack_of(self.template, WEST)

    @cached_property
    def stacks(self) -> tuple[Stack, Stack]:
        """East's stack and West's."""
        return self.east, self.west

    @cached_property
    def longest_named(self) -> tuple[Stack, Stack]:
        """East's stack and West's at the longest suffix that the parameter allows."""
        return (
            stack_of(self.template, EAST, suffix=LONGEST_SUFFIX),
            stack_of(self.template, WEST, suffix=LONGEST_SUFFIX),
        )

    def arguments(self, check: Callable[..., None]) -> dict[str, Any]:
        """Return what the check's parameters stand for, by name."""
        return {name: getattr(self, name) for name in inspect.signature(check).parameters}


def stack_under_test() -> Subject:
    """Return the subject that lies in lib/."""
    return Subject(
        text=(LIB / "TapStack.json").read_text(encoding="utf-8"),
        source=(LIB / "transaction-processor.js").read_text(encoding="utf-8"),
    )
