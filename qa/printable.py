"""What others wrote, made fit for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text with control characters written out, so that no template speaks to the terminal."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def printable_lines(text: str) -> str:
    """Return the same for a text of several lines, which stay lines."""
    return "\n".join(map(printable, text.split("\n")))
