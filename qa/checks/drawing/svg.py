"""The picture as SVG: per region, what is created first stands left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from qa.template.ordering import sorted_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .picture import Arrow, Box, Picture

_WIDTH, _HEIGHT = 230, 40
_GAP_X, _GAP_Y = 70, 14
_MARGIN, _HEADING = 24, 30
_STYLE = (
    "text{font:12px Helvetica,Arial,sans-serif;fill:#222}.type{font-size:10px;fill:#666}"
    ".group{font-size:16px;font-weight:bold}.box{fill:#fff;stroke:#888}"
    ".region{fill:#f4f6f8;stroke:#ccd}.arrow{fill:none;stroke:#999}"
    ".cycle{stroke:#d00;stroke-width:2.5}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    places: dict[int, tuple[int, int]]
    """Box → left and top, in pixels."""
    frames: tuple[tuple[str, int, int], ...]
    """Group, top and height."""
    width: int
    height: int


def as_svg(picture: Picture) -> str:
    """Return the picture; arrows point from a resource to what it needs, the cycle is red."""
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
    layers = _layers(picture)
    places: dict[int, tuple[int, int]] = {}
    frames = []
    top, width = _MARGIN // 2, 0
    for group in picture.groups:
        filled: dict[int, int] = {}
        for index, _ in picture.of_group(group):
            layer = layers[index]
            row = filled[layer] = filled.get(layer, -1) + 1
            left = _MARGIN + layer * (_WIDTH + _GAP_X)
            places[index] = (left, top + _HEADING + row * (_HEIGHT + _GAP_Y))
            width = max(width, left + _WIDTH)
        height = _HEADING + (max(filled.values()) + 1) * (_HEIGHT + _GAP_Y)
        frames.append((group, top, height))
        top += height + _MARGIN
    return _Layout(places=places, frames=tuple(frames), width=width + _MARGIN, height=top)


def _layers(picture: Picture) -> dict[int, int]:
    """Return each box's column: one right of the last that it needs; what is on a cycle comes last."""
    needs: dict[int, list[int]] = {index: [] for index in range(len(picture.boxes))}
    for arrow in picture.arrows:
        needs[arrow.source].append(arrow.target)
    order = sorted_nodes({str(index): [str(target) for target in found] for index, found in needs.items()})
    layers: dict[int, int] = {}
    for index in [*map(int, order), *(each for each in needs if str(each) not in set(order))]:
        layers[index] = 1 + max((layers[target] for target in needs[index] if target in layers), default=-1)
    return layers


def _arrow(arrow: Arrow, layout: _Layout) -> str:
    (x1, y1), (x2, y2) = layout.places[arrow.source], layout.places[arrow.target]
    y1, y2 = y1 + _HEIGHT // 2, y2 + _HEIGHT // 2
    if x1 > x2:  # to the left, where what it needs mostly stands
        start, end, bend = x1, x2 + _WIDTH, -_GAP_X // 2
    else:
        start, end, bend = x1 + _WIDTH, x2 + _WIDTH, _GAP_X
    kind, head = ("arrow cycle", "c") if arrow.is_on_cycle else ("arrow", "a")
    curve = f"M{start} {y1}C{start + bend} {y1} {end + abs(bend)} {y2} {end} {y2}"
    return f'<path class="{kind}" d="{curve}" marker-end="url(#{head})"/>'


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
