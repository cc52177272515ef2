"""The picture as a Mermaid flowchart, which code hosts show in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.printable import printable

if TYPE_CHECKING:
    from .picture import Arrow, Picture

_SPECIAL = {character: f"#{ord(character)};" for character in '"#;<>&\\`'}


def as_mermaid(picture: Picture) -> str:
    """Return a flowchart with a subgraph per region; the cycle is red, dotted where to cut."""
    lines = ["flowchart LR"]
    for number, group in enumerate(picture.groups):
        lines.append(f'  subgraph g{number}["{_escaped(group)}"]')
        for index, box in picture.of_group(group):
            mark = ":::cycle" if box.is_on_cycle else ""
            lines.append(f'    n{index}["{_escaped(box.logical_id)}<br/>{_escaped(box.type)}"]{mark}')
        lines.append("  end")
    lines += [f"  n{arrow.source} {_line(arrow)} n{arrow.target}" for arrow in picture.arrows]
    red = [str(number) for number, arrow in enumerate(picture.arrows) if arrow.is_on_cycle]
    if red:
        lines.append("  classDef cycle stroke:#d00,stroke-width:3px")
        lines.append(f"  linkStyle {','.join(red)} stroke:#d00,stroke-width:3px")
    return "\n".join([*lines, ""])


def _line(arrow: Arrow) -> str:
    return "-. cut here .->" if arrow.is_to_cut else "-->"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in printable(text))
