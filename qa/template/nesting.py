"""How deep a template may be nested: everything that walks one recursively relies on it."""

from __future__ import annotations

MAX_DEPTH = 100
"""Levels of objects and lists; the deepest public templates stay below 40."""


def too_deep_message() -> str:
    """Return the words of the refusal."""
    return f"nested more than {MAX_DEPTH} levels deep"


def exceeds_depth(body: object) -> bool:
    """Say whether the value is nested deeper than MAX_DEPTH; walks level by level, never recursively."""
    level = [body]
    for _ in range(MAX_DEPTH + 1):
        containers = [value for value in level if isinstance(value, dict | list)]
        if not containers:
            return False
        level = []
        for value in containers:
            level.extend(value.values() if isinstance(value, dict) else value)
    return any(isinstance(value, dict | list) for value in level) or bool(level)
