"""Text of others that stays text: what would steer a terminal, or turn a line around, is written out."""

from __future__ import annotations

import re

STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # control characters: colours, the cursor, the window's title
    "|\r(?!\n)"  # what follows would be written over the line
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # writing direction: it reads otherwise than it stands
)


def legible(text: str) -> str:
    r"""Return the text with each such character as Python writes it, `\x1b` or `\u202e`."""
    return STEERING.sub(lambda found: repr(found[0])[1:-1], text)
