"""HTML and SVG put together from elements; whatever is no element is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

VOID = frozenset({"meta", "br", "circle", "line", "path", "rect"})

Child: TypeAlias = "Markup | str | Iterable[Markup | str]"


class Markup(str):
    """Text that is HTML already: only `el` and `trusted` make it."""

    __slots__ = ()


def trusted(text: str) -> Markup:
    """Return text of our own, such as a stylesheet, as HTML."""
    return Markup(text)


def el(name: str, /, *children: Child, **attributes: object) -> Markup:
    """Return an element. `class_` means class, `aria_label` aria-label; None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID and not children:
        return Markup(f"<{name}{written}>" if name in {"meta", "br"} else f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{''.join(map(_inner, children))}</{name}>")


def _inner(child: Child) -> str:
    if isinstance(child, Markup):
        return str(child)
    if isinstance(child, str):
        return escape(child)
    return "".join(_inner(each) for each in child)


def _number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
