"""Checks 72-73: what needs what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.template import graph, references

from .findings import Finding, place, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template


def test_no_resource_needs_itself(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        message = graph(template).circular_dependency_message()
        cycle = graph(template).shortest_cycle()
        if message:
            steps = "\n".join(
                f"          {step.source} → {step.target}: {place(template, step.path)}" for step in cycle
            )
            yield Finding(
                what=f"{cycle[0].source}: {message}",
                actual=" → ".join([step.source for step in cycle] + [cycle[0].source]),
                expected="no cycle, conditions ignored",
                where=f"{place(template, cycle[0].path)}\n{steps}",
                do="cut one step; in a key policy use a service principal instead of a role's ARN",
            )

    require(findings())


def test_key_policies_refer_to_no_resource_of_the_stack(template: Template) -> None:
    require(
        Finding(
            what=f"{reference.source}: its key policy refers to {reference.target}",
            actual=reference.target,
            expected="parameters and pseudo parameters only",
            where=place(template, reference.path),
            do="name the service or the account: what uses the key is created after it",
        )
        for reference in references(template)
        if "KeyPolicy" in reference.path and reference.target in template.resources
    )
