"""The picture in Graphviz's language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa.printable import printable

if TYPE_CHECKING:
    from .picture import Picture


def as_dot(picture: Picture) -> str:
    """Return a digraph with a cluster per region; the cycle is red, dashed where to cut."""
    lines = [
        f"digraph {_quoted(picture.title)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=11];',
    ]
    for number, group in enumerate(picture.groups):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(group)};"]
        for index, box in picture.of_group(group):
            colour = ", color=red, penwidth=2" if box.is_on_cycle else ""
            label = f"{_quoted(box.logical_id)[:-1]}\\n{_quoted(box.type)[1:]}"
            lines.append(f"    n{index} [label={label}{colour}];")
        lines.append("  }")
    for arrow in picture.arrows:
        cut = ', style=dashed, label="cut here", constraint=false' if arrow.is_to_cut else ""
        colour = f" [color=red, penwidth=2{cut}]" if arrow.is_on_cycle else ""
        lines.append(f"  n{arrow.source} -> n{arrow.target}{colour};")
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    return json.dumps(printable(text), ensure_ascii=False)
