"""A template as its transforms leave it, as far as that is known without AWS.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .intrinsics import VALUE_FUNCTIONS
from .loops import MOST_WRITTEN, OpenName, OpenPlace, Unroller
from .positions import written
from .resolver import Budget, Resolver
from .serverless import SERVERLESS, with_globals
from .shape import LANGUAGE_EXTENSIONS, LOOP_SECTIONS, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .loops import LoopProblem
    from .model import Template
    from .positions import Path

MACRO = "Fn::Transform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A template with its loops written out, and what could not be."""

    template: Template
    """The template itself where no transform of ours has anything to do."""
    undeclared: tuple[Path, ...] = ()
    """Loops of a template that does not declare AWS::LanguageExtensions; they are left out."""
    problems: tuple[LoopProblem, ...] = ()
    open_places: tuple[OpenPlace, ...] = ()
    """Loops and entries left out since what they are hangs on something open, or on a macro."""
    open_names: tuple[OpenName, ...] = ()
    """What they may be called."""

    of_parameters: frozenset[Path] = frozenset()
    """Entries that a loop over a parameter made, e.g. ("Resources", "TopicA")."""
    macros: tuple[tuple[Path, str], ...] = ()
    """Where in the text Fn::Transform stands, and the macro it names."""

    @property
    def is_whole(self) -> bool:
        """False when resources were left out."""
        return not any(one.section == "Resources" for one in self.open_names)

    def may_have(self, section: str, name: str) -> bool:
        """Say whether what was left out may make an entry of this name."""
        return any(one.section == section and one.fits(name) for one in self.open_names)


def expansion(template: Template, values: Mapping[str, Any]) -> Expansion:
    """Return what a template becomes; `values` are of its parameters and the pseudo parameters."""
    is_declared = LANGUAGE_EXTENSIONS in template.transforms
    has_globals = SERVERLESS in template.transforms and "Globals" in template.body
    if template.is_expanded or not (
        is_declared or has_globals or template.has_loops or MACRO in template.text
    ):
        return Expansion(template=template)
    unroller = Unroller(
        _resolver(template, values), frozenset(template.parameters), sets_aside=not is_declared
    )
    body = dict(template.body)
    for name in LOOP_SECTIONS:
        if isinstance(body.get(name), dict):
            body[name] = unroller.section(name, body[name])
    _leave_macros_out(body, unroller)
    if has_globals:
        _add_globals(body, unroller.origins)
    return _result(template, body, unroller)


def _resolver(template: Template, values: Mapping[str, Any]) -> Resolver:
    return Resolver(
        values=values,
        mappings=template.body.get("Mappings", {}),
        conditions={},
        resources=(),
        absent=(),
        functions=VALUE_FUNCTIONS,
        section="Conditions",
        budget=Budget(template.text, MOST_WRITTEN),
        is_extended=True,
    )


def _leave_macros_out(body: dict[str, Any], unroller: Unroller) -> None:
    """Leave out the entries whose properties a macro inside them may change."""
    for section in ("Mappings", *LOOP_SECTIONS):
        entries = body.get(section, {})
        if isinstance(entries, dict) and MACRO in entries:
            unroller.open_names[OpenName(section, ("", ""))] = None
            _note(unroller, (section, MACRO))
    kept = {}
    for name, entry in body.get("Resources", {}).items():
        path = () if name == MACRO else _macro_in(entry)
        if path:
            unroller.open_names[OpenName("Resources", (name,))] = None
            _note(unroller, written(("Resources", name, *path), unroller.origins))
        else:
            kept[name] = entry
    body["Resources"] = kept


def _macro_in(entry: object) -> Path:
    """Return where in a resource a macro stands that may change its type or any property."""
    if not isinstance(entry, dict):
        return ()
    if MACRO in entry:
        return (MACRO,)
    properties = entry.get("Properties")
    return ("Properties", MACRO) if isinstance(properties, dict) and MACRO in properties else ()


def _note(unroller: Unroller, path: Path) -> None:
    unroller.open_places[path] = OpenPlace(path=path, reason="the macro runs inside AWS")


def _add_globals(body: dict[str, Any], origins: dict[Path, Path]) -> None:
    resources = dict(body.get("Resources", {}))
    for logical_id, added, origin in with_globals(body, resources):
        resource = resources[logical_id]
        resources[logical_id] = {**resource, "Properties": {**resource.get("Properties", {}), **added}}
        for key in added:
            origins["Resources", logical_id, "Properties", key] = (*origin, key)
    body["Resources"] = resources


def _result(template: Template, body: dict[str, Any], unroller: Unroller) -> Expansion:
    made = shaped(
        body,
        text=template.text,
        source=template.source,
        positions=template.positions,
        origins=unroller.origins,
    )
    return Expansion(
        template=replace(made, has_loops=False, is_expanded=True, unfolded=unroller.spent),
        undeclared=tuple(unroller.left_out) if LANGUAGE_EXTENSIONS not in template.transforms else (),
        problems=tuple(unroller.problems.values()),
        open_places=tuple(unroller.open_places.values()),
        open_names=tuple(unroller.open_names),
        of_parameters=frozenset(unroller.of_parameters),
        macros=tuple(_macros_in(template.body, ())) if MACRO in template.text else (),
    )


def _macros_in(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key == MACRO:
                yield (*path, key), str(member.get("Name") if isinstance(member, dict) else member)
            yield from _macros_in(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _macros_in(member, (*path, index))
