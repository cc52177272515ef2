"""The text of Fn::Sub: literal pieces and variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_VARIABLE = re.compile(r"\$\{\s*(!?)([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_.:]+")


@dataclass(frozen=True, slots=True)
class Variable:
    """A ${Name} or ${LogicalId.Attribute} in a text; attribute is None for the first."""

    name: str
    target: str
    attribute: str | None

    @property
    def is_valid(self) -> bool:
        """True if the name has only characters that CloudFormation allows in one."""
        return _NAME.fullmatch(self.name) is not None


@lru_cache(maxsize=4096)
def substitution(text: str) -> tuple[str | Variable, ...]:
    """Return the pieces of a text in order; ${!Literal} is the text ${Literal}.

    Blanks around a variable's name count for nothing: https://github.com/aws-cloudformation/cfn-lint/issues/236
    """
    pieces: list[str | Variable] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        exclamation, name = match.groups()
        if exclamation:
            pieces.append(f"${{{name}}}")
        else:
            name = name.strip()
            target, dot, attribute = name.partition(".")
            pieces.append(Variable(name, target, attribute if dot else None))
    pieces.append(text[end:])
    return tuple(piece for piece in pieces if piece != "")
