"""Checks 1-5: what CloudFormation refuses before it looks at any resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.template import PSEUDO_PARAMETERS, references

from .attributes import ATTRIBUTES
from .findings import Finding, place, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template

SECTIONS = frozenset(
    [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
    ]
)
DESIGN = frozenset(ATTRIBUTES)
LIMITS = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}
MAX_BYTES = 51_200


def test_the_template_is_json_without_duplicate_keys(text: str) -> None:
    duplicates: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        duplicates.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    def findings() -> Iterator[Finding]:
        try:
            json.loads(text, object_pairs_hook=unique)
        except json.JSONDecodeError as error:
            where = f"lib/TapStack.json:{error.lineno}:{error.colno}"
            yield Finding(
                what="the template is no JSON", actual=error.msg, expected="JSON", where=where, do="fix it"
            )
        for name in duplicates:
            lines = [str(number) for number, line in enumerate(text.split("\n"), 1) if f'"{name}":' in line]
            where = f"lib/TapStack.json, one of the lines {', '.join(lines)}"
            do = "CloudFormation keeps one of the two without a word: remove or rename one"
            yield Finding(what=f"duplicate key {name!r}", actual="twice", expected="once", where=where, do=do)

    require(findings())


def test_the_template_has_known_sections_and_the_format_version(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        for section in template.body:
            if section not in SECTIONS:
                do = "CloudFormation refuses sections that it does not know, and this stack uses no macro"
                yield _finding(template, (section,), section, sorted(SECTIONS), do)
        version = template.body.get("AWSTemplateFormatVersion")
        if version != "2010-09-09":
            path = ("AWSTemplateFormatVersion",)
            yield _finding(template, path, version, "2010-09-09", "there is one version only")

    require(findings())


def test_the_template_keeps_within_cloudformations_limits(text: str, template: Template) -> None:
    def findings() -> Iterator[Finding]:
        size = len(text.encode())
        if size > MAX_BYTES:
            do = "a template body has at most this many bytes: run python lib/embed.py, then shorten"
            yield _finding(template, (), f"{size} bytes", f"at most {MAX_BYTES}", do)
        for section, most in LIMITS.items():
            entries = len(template.body.get(section, {}))
            if entries > most:
                yield _finding(template, (section,), entries, f"at most {most}", "split the stack")

    require(findings())


def test_every_resource_type_is_one_of_the_design(template: Template) -> None:
    require(
        _finding(
            template,
            ("Resources", logical_id, "Type"),
            resource.type,
            sorted(DESIGN),
            "remove it, or extend the design and these checks first",
        )
        for logical_id, resource in template.resources.items()
        if resource.type not in DESIGN
    )


def test_every_reference_has_a_target_and_the_attribute_exists(template: Template) -> None:
    targets = {
        "Condition": template.conditions,
        "If": template.conditions,
        "FindInMap": template.mappings,
        "DependsOn": template.resources,
        "GetAtt": template.resources,
    }
    values = {*template.resources, *template.parameters, *PSEUDO_PARAMETERS}

    def findings() -> Iterator[Finding]:
        for reference in references(template):
            expected: object = f"a name of this template that {reference.kind} can refer to"
            known = reference.target in targets.get(reference.kind, values)
            if known and reference.attribute is not None:
                resource = template.resources.get(reference.target)
                attributes = ATTRIBUTES.get(resource.type, frozenset()) if resource else frozenset()
                known, expected = reference.attribute in attributes, sorted(attributes)
            if not known:
                found = ".".join(filter(None, (reference.target, reference.attribute)))
                do = "name something that is there"
                yield _finding(template, reference.path, f"{reference.kind} {found}", expected, do)

    require(findings())


def _finding(
    template: Template, path: tuple[str | int, ...], actual: object, expected: object, do: str
) -> Finding:
    *above, what = [str(step) for step in path] or ["the template"]
    what = f"{above[1]}: {what}" if len(above) > 1 else what
    return Finding(what=what, actual=actual, expected=expected, where=place(template, path), do=do)
