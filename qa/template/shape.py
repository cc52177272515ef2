"""The sections of a parsed template as values; refuses what is not shaped like one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import NestingError, TemplateShapeError, UnsupportedError
from .model import Resource, Template
from .nesting import exceeds_depth, too_deep_message
from .positions import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .positions import Path, Position, PositionMap

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
LOOP = "Fn::ForEach::"
"""What the key of a loop begins with."""
LOOP_SECTIONS = ("Conditions", "Resources", "Outputs")
"""Those that may hold loops. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html"""


def shaped(
    body: object,
    *,
    text: str,
    source: str,
    positions: PositionMap,
    origins: Mapping[Path, Path] | None = None,
) -> Template:
    """Return the template a parsed text holds; `origins` says where in the text that is which was moved."""
    if not isinstance(body, dict):
        kind = _KINDS.get(type(body), type(body).__name__)
        raise TemplateShapeError(f"a template is an object, this is {kind}", source=source)
    if exceeds_depth(body):
        raise NestingError(too_deep_message(), source=source)
    shape = _Shape(body, source, positions, origins or {})
    return Template(
        source=source,
        text=text,
        body=body,
        resources=shape.resources(),
        parameters=shape.members("Parameters"),
        mappings=shape.members("Mappings"),
        conditions=shape.entries("Conditions"),
        rules=shape.members("Rules"),
        outputs=shape.members("Outputs"),
        metadata=shape.section("Metadata"),
        transforms=shape.transforms(),
        positions=positions,
        origins=shape.origins,
        has_loops=shape.has_named_by_functions
        or (LOOP in text and any(_holds_loop(body.get(name)) for name in LOOP_SECTIONS)),
    )


def _holds_loop(value: object) -> bool:
    if isinstance(value, dict):
        return any(key.startswith(LOOP) or _holds_loop(member) for key, member in value.items())
    return isinstance(value, list) and any(map(_holds_loop, value))


def _is_named_by_functions(entry: dict[str, Any]) -> bool:
    """Say whether functions give a resource's Condition or what it depends on."""
    needs = entry.get("DependsOn")
    return any(
        isinstance(one, dict)
        for one in (entry.get("Condition"), needs, *(needs if isinstance(needs, list) else ()))
    )


_KINDS = {
    list: "a list",
    str: "text",
    type(None): "empty",
    int: "a number",
    float: "a number",
    bool: "a boolean",
}


class _Shape:
    def __init__(
        self, body: dict[str, Any], source: str, positions: PositionMap, origins: Mapping[Path, Path]
    ) -> None:
        self.body = body
        self.source = source
        self.positions = positions
        self.origins = origins
        self.has_named_by_functions = False

    def section(self, name: str) -> dict[str, Any]:
        found = self.body.get(name, {})
        if not isinstance(found, dict):
            raise self.error(f"Template format error: the {name} section must be an object", (name,))
        return found

    def entries(self, name: str) -> dict[str, Any]:
        """Return a section without its loops and macros, which are no entries themselves."""
        section = self.section(name)
        functions = [key for key in section if key[:4] == "Fn::"]
        for key in functions:
            if key != "Fn::Transform" and not (key.startswith(LOOP) and name in LOOP_SECTIONS):
                raise self.unsupported(f"no support for {key!r} in {name}", (name, key))
        return {key: section[key] for key in section if key not in functions} if functions else section

    def members(self, name: str) -> dict[str, dict[str, Any]]:
        section = self.entries(name)
        for key, member in section.items():
            if not isinstance(member, dict):
                raise self.error(
                    f"Template format error: {name} member {key!r} must be an object", (name, key)
                )
        return section

    def resources(self) -> dict[str, Resource]:
        members = self.members("Resources")
        if LANGUAGE_EXTENSIONS in self.transforms():
            known = {key: found for key, found in members.items() if not _is_named_by_functions(found)}
            self.has_named_by_functions = len(known) < len(members)
            members = known
        return {key: self._resource(key, found) for key, found in members.items()}

    def transforms(self) -> tuple[str, ...]:
        found = self.body.get("Transform", [])
        names = found if isinstance(found, list) else [found]
        return tuple(str(name.get("Name")) if isinstance(name, dict) else str(name) for name in names)

    def _resource(self, logical_id: str, found: dict[str, Any]) -> Resource:
        path = ("Resources", logical_id)
        kind = found.get("Type")
        if not isinstance(kind, str):
            words = "Every Resources object must contain a Type member."
            raise self.error(f"Template format error: [/Resources/{logical_id}] {words}", path)
        condition = found.get("Condition")
        if condition is not None and not isinstance(condition, str):
            raise self.error(
                "Template format error: a resource's Condition must be text", (*path, "Condition")
            )
        return Resource(
            logical_id=logical_id,
            type=kind,
            properties=self._object(found, "Properties", path),
            condition=condition,
            depends_on=self._depends_on(found.get("DependsOn", []), path),
            deletion_policy=found.get("DeletionPolicy"),
            update_replace_policy=found.get("UpdateReplacePolicy"),
            metadata=self._object(found, "Metadata", path),
        )

    def _object(self, found: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
        value = found.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"Template format error: {key} must be an object", (*path, key))
        return value

    def _depends_on(self, found: object, path: Path) -> tuple[str, ...]:
        names = found if isinstance(found, list) else [found]
        if not all(isinstance(name, str) for name in names):
            message = "Template format error: every DependsOn value must be a string or a list of strings"
            raise self.error(message, (*path, "DependsOn"))
        return tuple(names)

    def error(self, message: str, path: Path) -> TemplateShapeError:
        return TemplateShapeError(message, source=self.source, position=self._position(path))

    def unsupported(self, message: str, path: Path) -> UnsupportedError:
        return UnsupportedError(message, source=self.source, position=self._position(path))

    def _position(self, path: Path) -> Position:
        return self.positions.at(written(path, self.origins))
