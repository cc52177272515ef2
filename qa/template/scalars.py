"""Numbers and booleans as the text that CloudFormation makes of them."""

from __future__ import annotations


def scalar_text(value: object) -> str:
    """Return the text of a scalar: true and false in lower case, numbers as they are written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_scalar(value: object) -> bool:
    """Say whether a value is text, a number or a boolean."""
    return isinstance(value, str | int | float)
