"""The picture as SVG: per region, what is created first stands left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .layers import layers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .picture import Arrow, Box, Picture

_WIDTH, _HEIGHT = 230, 40
_GAP_X, _GAP_Y = 70, 14
_LINE = 12  # what an arrow takes that passes a column
_MARGIN, _HEADING = 24, 30
_STYLE = (
    "text{font:12px Helvetica,Arial,sans-serif;fill:#222}.type{font-size:10px;fill:#666}"
    ".group{font-size:16px;font-weight:bold}.box{fill:#fff;stroke:#888}"
    ".region{fill:#f4f6f8;stroke:#ccd}.arrow{fill:none;stroke:#999}"
    ".cycle{stroke:#d00;stroke-width:2.5}.cut{stroke-dasharray:7 4}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    places: dict[int, tuple[int, int]]
    """Box → left and top, in pixels."""
    passed: dict[tuple[int, int], list[tuple[int, int]]]
    """Arrow, as (source, target) → left and middle of each column that it passes."""
    frames: tuple[tuple[str, int, int], ...]
    """Group, top and height."""
    width: int
    height: int


def as_svg(picture: Picture) -> str:
    """Return the picture; arrows point to what is needed. The cycle is red, dashed where to cut."""
    layout = _layout(picture)
    size = f'width="{layout.width}" height="{layout.height}" viewBox="0 0 {layout.width} {layout.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<title>{_text(picture.title)}</title>",
        f"<style>{_STYLE}</style>",
        f"<defs>{_marker('a', '#999')}{_marker('c', '#d00')}</defs>",
    ]
    for group, top, height in layout.frames:
        inner = layout.width - _MARGIN
        lines.append(
            f'<rect class="region" x="{_MARGIN // 2}" y="{top}" width="{inner}" height="{height}" rx="8"/>'
        )
        lines.append(f'<text class="group" x="{_MARGIN}" y="{top + 22}">{_text(group)}</text>')
    ordered = sorted(picture.arrows, key=lambda arrow: arrow.is_on_cycle)  # red lies on top
    lines += [_arrow(arrow, layout) for arrow in ordered]
    lines += [_box(box, *layout.places[index]) for index, box in enumerate(picture.boxes)]
    return "\n".join([*lines, "</svg>", ""])


def _layout(picture: Picture) -> _Layout:
    places: dict[int, tuple[int, int]] = {}
    passed: dict[tuple[int, int], list[tuple[int, int]]] = {}
    frames = []
    top, width = _MARGIN // 2, 0
    for group in picture.groups:
        members = [index for index, _ in picture.of_group(group)]
        numbers = {index: number for number, index in enumerate(members)}
        inner = {
            (numbers[arrow.source], numbers[arrow.target]): arrow.is_to_cut
            for arrow in picture.arrows
            if arrow.source in numbers and arrow.target in numbers
        }
        turned = {arrow for arrow, is_to_cut in inner.items() if is_to_cut}
        found = layers(len(members), list(inner), box=_HEIGHT + _GAP_Y, line=_LINE, turned=turned)
        for index, place in zip(members, found.boxes, strict=True):
            left = _left(place.column)
            places[index] = (left, round(top + _HEADING + place.middle - (_HEIGHT + _GAP_Y) / 2))
            width = max(width, left + _WIDTH)
        for (source, target), between in found.passed.items():
            passed[members[source], members[target]] = [
                (_left(place.column), round(top + _HEADING + place.middle - _GAP_Y / 2)) for place in between
            ]
        height = _HEADING + round(found.height)
        frames.append((group, top, height))
        top += height + _MARGIN
    return _Layout(places=places, passed=passed, frames=tuple(frames), width=width + _MARGIN, height=top)


def _left(column: int) -> int:
    return _MARGIN + column * (_WIDTH + _GAP_X)


def _arrow(arrow: Arrow, layout: _Layout) -> str:
    """Return an arrow from side to side, past the boxes between; to the left, but for one of each circle."""
    kind, head = ("arrow cycle", "c") if arrow.is_on_cycle else ("arrow", "a")
    kind += " cut" if arrow.is_to_cut else ""
    title = "<title>cut here</title>" if arrow.is_to_cut else ""
    return f'<path class="{kind}" d="{_curve(arrow, layout)}" marker-end="url(#{head})">{title}</path>'


def _curve(arrow: Arrow, layout: _Layout) -> str:
    (x1, y1), (x2, y2) = layout.places[arrow.source], layout.places[arrow.target]
    between = layout.passed.get((arrow.source, arrow.target), [])
    if x1 == x2:  # to itself, or to another region's box: round the right side
        side, bend = x1 + _WIDTH, x1 + _WIDTH + _GAP_X
        return f"M{side} {y1 + _HEIGHT // 4}C{bend} {y1} {bend} {y2 + _HEIGHT} {side} {y2 + 3 * _HEIGHT // 4}"
    near, far = (_WIDTH, 0) if x1 < x2 else (0, _WIDTH)
    port = _HEIGHT // 4 if x1 < x2 else _HEIGHT // 2  # two that need one another have two arrows to see
    x, y = x1 + near, y1 + port
    curve = f"M{x} {y}"
    for left, middle in between:
        curve += f"{_bent(x, y, left + far, middle)}H{left + near}"
        x, y = left + near, middle
    return curve + _bent(x, y, x2 + far, y2 + port)


def _bent(x: int, y: int, to_x: int, to_y: int) -> str:
    bend = (to_x - x) // 2
    return f"C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _box(box: Box, left: int, top: int) -> str:
    kind = "box cycle" if box.is_on_cycle else "box"
    return "".join(_parts(box, left, top, kind))


def _parts(box: Box, left: int, top: int, kind: str) -> Iterator[str]:
    yield f'<g><title>{_text(box.logical_id)} {_text(box.type)}</title><rect class="{kind}" x="{left}" '
    yield f'y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>'
    yield f'<text x="{left + 8}" y="{top + 17}">{_text(_clipped(box.logical_id, 33))}</text>'
    yield f'<text class="type" x="{left + 8}" y="{top + 32}">{_text(_clipped(box.type, 42))}</text></g>'


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    )


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(text: str) -> str:
    return escape("".join(each if each.isprintable() else "?" for each in text))
