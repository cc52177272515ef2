"""A stack's resources as a drawing: one line each, arcs from a resource to what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .markup import el

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .markup import Markup
    from .run_report import StackNode, StackShape

WIDTH, ROW, GUTTER = 400, 36, 84
LETTERS = 40


def stack_graph(shape: StackShape) -> Markup:
    """Return the drawing, with the words of it as its label, or why there is none."""
    heading = el("h3", f"{shape.stack} in {shape.region}")
    if not shape.nodes:
        return el("section", heading, el("p", shape.problem or "no resources"), class_="graph")
    nodes = in_order(shape.nodes)
    needed = sum(len(node.needs) for node in nodes)
    label = f"{len(nodes)} resources of {shape.stack} in {shape.region} and {needed} references between them"
    return el("section", heading, _drawing(label, nodes), class_="graph")


def in_order(nodes: Sequence[StackNode]) -> tuple[StackNode, ...]:
    """Return the nodes, each after what it needs where that is possible; else as they came."""
    left = {node.logical_id: node for node in nodes}
    placed: dict[str, StackNode] = {}
    while left:
        ready = [node for node in left.values() if not set(node.needs) & (set(left) - {node.logical_id})]
        for node in ready or [next(iter(left.values()))]:
            placed[node.logical_id] = left.pop(node.logical_id)
    return tuple(placed.values())


def _drawing(label: str, nodes: Sequence[StackNode]) -> Markup:
    rows = {node.logical_id: ROW * (index + 0.5) for index, node in enumerate(nodes)}
    return el(
        "svg",
        *(arc for node in nodes for arc in _arcs(node, rows)),
        *(part for node in nodes for part in _line(node, rows[node.logical_id])),
        viewBox=f"0 0 {WIDTH} {ROW * len(nodes)}",
        role="img",
        aria_label=label,
    )


def _arcs(node: StackNode, rows: dict[str, float]) -> Iterator[Markup]:
    for need in node.needs:
        if need not in rows or need == node.logical_id:
            continue
        start, end = rows[node.logical_id], rows[need]
        # long arcs reach further out, so that they can be distinguished
        reach = (GUTTER + 8) * (abs(start - end) / (ROW * len(rows))) ** 0.6
        edge, bend = GUTTER - 8, GUTTER - 8 - reach
        words = el("title", f"{node.logical_id} needs {need}")
        curve = f"M{edge} {start:.1f}C{bend:.1f} {start:.1f} {bend:.1f} {end:.1f} {edge} {end:.1f}"
        yield el("path", words, d=curve, class_="arc")


def _line(node: StackNode, y: float) -> Iterator[Markup]:
    whole = node.status.endswith("_COMPLETE") and "ROLLBACK" not in node.status
    words = el("title", f"{node.logical_id}: {node.status}, {node.physical_id}")
    yield el("circle", words, cx=GUTTER, cy=y, r=5, class_="complete" if whole else "failed")
    yield el("text", _clip(node.logical_id), x=GUTTER + 14, y=y - 2, class_="name")
    kind = node.resource_type.removeprefix("AWS::")
    state = kind if whole else f"{kind} · {node.status}"
    yield el("text", _clip(state, 46), x=GUTTER + 14, y=y + 12, class_="kind")


def _clip(text: str, letters: int = LETTERS) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"
