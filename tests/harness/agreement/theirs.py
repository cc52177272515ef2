"""What cfn-lint says, its rules built once in a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from cfnlint.config import ConfigMixIn, ManualArgs
from cfnlint.core import get_rules
from cfnlint.decode.decode import decode_str
from cfnlint.runner.template.runner import _run_template
from cfnlint.template.template import Template

from .opinion import COUNTERPARTS, EDGE, Opinion, Place


def opinion(text: str, region: str) -> Opinion:
    """Return what cfn-lint says of a template deployed to a region, and its graph.

    What the template's own Metadata tells cfn-lint to leave alone is not left alone.
    """
    try:
        body, errors = decode_str(text)
        if errors or not isinstance(body, dict):
            return Opinion(said={}, refusal="; ".join(str(error.message) for error in errors) or "no object")
        _drop_directives(body)
        edges = _edges(body)
        config = ConfigMixIn([], **ManualArgs(regions=[region]))
        matches: list[Any] = list(_run_template(None, body, config, _rules()))
        found = {_place(match): str(match.message) for match in matches}
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError) as error:
        return Opinion(said={}, refusal=f"cfn-lint breaks off: {error!r}")
    compared = {place: words for place, words in found.items() if place.rule in COUNTERPARTS.values()}
    beside = {place: words for place, words in found.items() if place not in compared}
    return Opinion(said=compared | edges, beside=beside)


@cache
def _rules() -> Any:
    return get_rules([], [], [])


def _place(match: Any) -> Place:
    return Place(
        match.rule.id, tuple(key if isinstance(key, int) else str(key) for key in getattr(match, "path", ()))
    )


def _drop_directives(body: dict[str, Any]) -> None:
    resources = body.get("Resources")
    for holder in (body, *(resources.values() if isinstance(resources, dict) else ())):
        metadata = holder.get("Metadata") if isinstance(holder, dict) else None
        if isinstance(metadata, dict):
            metadata.pop("cfn-lint", None)


def _edges(body: Any) -> dict[Place, str]:
    template: Any = Template("", body)
    if template.graph is None:
        return {}
    drawn = template.graph.graph
    return {
        Place(EDGE, ("Resources", str(source), str(target))): str(data.get("label", ""))
        for source, target, data in drawn.edges(data=True)
        if drawn.nodes[source].get("type") == drawn.nodes[target].get("type") == "Resource"
    }
