"""The two sides of the stack: how outputs are named after the side, and which region it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.stack.outputs import Outputs
    from qa.stack.project import Regions


@dataclass(frozen=True, slots=True)
class Side:
    """The primary or secondary half of the stack, and its outputs without the prefix."""

    name: str
    region: str
    outputs: Outputs

    def __getitem__(self, key: str) -> str:
        """Return the side's own output, e.g. `KMSKeyArn` for PrimaryKMSKeyArn."""
        return str(self.outputs[f"{self.name}{key}"])


@dataclass(frozen=True, slots=True)
class Sides:
    """Both halves, by role or region."""

    primary: Side
    secondary: Side

    def of(self, region: str) -> Side:
        """Return the half of a region."""
        return self.primary if region == self.primary.region else self.secondary

    def other(self, region: str) -> Side:
        """Return the half that is not of that region."""
        return self.secondary if region == self.primary.region else self.primary


def sides_of(outputs: Outputs, regions: Regions) -> Sides:
    """Return both halves of the stack that the outputs are of."""
    return Sides(
        primary=Side("Primary", regions.primary, outputs),
        secondary=Side("Secondary", regions.secondary, outputs),
    )
