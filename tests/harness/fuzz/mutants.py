"""Real templates with anything put anywhere."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from . import hostile
from .given import Given, written

if TYPE_CHECKING:
    from random import Random

_FILES = (Path("lib/TapStack.json"), *sorted(Path("lib/failures").glob("*.json")))
_SECTIONS = (
    "Parameters", "Mappings", "Conditions", "Rules", "Metadata", "Transform", "Outputs", "Resources",
)  # fmt: skip
_ATTRIBUTES = (
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
    "Type",
)
_SUPPRESSION = {"qa": {"suppress": [{"rule": "unknown-property", "reason": "\x1b[31m"}, 1, {"rule": []}]}}


@cache
def templates() -> tuple[tuple[str, Any], ...]:
    """Return the templates that mutants are made of, text and content."""
    texts = [path.read_text(encoding="utf-8") for path in _FILES]
    return tuple((text, json.loads(text)) for text in texts)


def mutant(random: Random) -> Given:
    """Return a template with one to six changes, and values for some parameters."""
    body = copy.deepcopy(random.choice(templates())[1])
    if random.random() < 0.7:
        _keep_some(random, body)
    for _ in range(random.randrange(1, 7)):
        change(random, body)
    return as_file(random, body, kind="mutant", options=parameter_options(random, body))


def as_file(random: Random, body: Any, *, kind: str, options: tuple[str, ...] = ()) -> Given:
    """Return content as JSON, or one time in four as YAML."""
    if random.random() < 0.75:
        return written(body, kind=kind, options=options)
    try:
        text = yaml.safe_dump(body, allow_unicode=random.random() < 0.5)
        content = text.encode()
    except UnicodeEncodeError:  # lone surrogates
        return written(body, kind=kind, options=options)
    return Given(kind=kind, name="t.yaml", content=content, options=options)


def parameter_options(random: Random, body: Any) -> tuple[str, ...]:
    """Return values for some of the parameters, three times in ten."""
    declared = body.get("Parameters") if isinstance(body, dict) else None
    names = list(declared) if isinstance(declared, dict) and random.random() < 0.3 else []
    options: list[str] = []
    for name in names:
        if random.random() < 0.2 and "=" not in name and name and _is_sendable(name):
            value = hostile.text(random, names)
            options += ["--parameter", f"{name}={value if _is_sendable(value) else 'a' * 40}"]
    return tuple(options)


def _is_sendable(text: str) -> bool:
    """Tell whether a text can be a word of a command line."""
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _keep_some(random: Random, body: dict[str, Any]) -> None:
    """Drop most resources: small templates are checked more often per second."""
    resources = body["Resources"]
    for name in random.sample(list(resources), k=int(len(resources) * random.random())):
        del resources[name]


def names_of(body: Any) -> list[str]:
    """Return the logical IDs and other names that functions may refer to, and some that are not there."""
    found = ["Gone", "a", "Table"]
    for section in _SECTIONS:
        entries = body.get(section) if isinstance(body, dict) else None
        found += [name for name in entries if isinstance(name, str)] if isinstance(entries, dict) else []
    return found


def change(random: Random, body: dict[str, Any]) -> None:
    """Change one place of a template."""
    names = names_of(body)
    match random.randrange(12):
        case 0:
            body[random.choice(_SECTIONS)] = hostile.value(random, names)
        case 1:
            _add_entry(random, body, names)
        case 2:
            _set_attribute(random, body, names)
        case _:
            _change_place(random, body, names)


def _add_entry(random: Random, body: dict[str, Any], names: list[str]) -> None:
    section = body.setdefault(random.choice(_SECTIONS), {})
    if isinstance(section, dict):
        name = random.choice((hostile.text(random, names), random.choice(names)))
        section[name] = copy.deepcopy(random.choice(_entries(random, names)))


def _entries(random: Random, names: list[str]) -> tuple[Any, ...]:
    pattern = random.choice(hostile.PATTERNS)
    return (
        {"Type": "String", "Default": hostile.text(random, names), "AllowedPattern": pattern},
        {"Type": "AWS::Lambda::Function", "Properties": hostile.value(random, names)},
        {"Value": hostile.value(random, names), "Export": {"Name": hostile.value(random, names)}},
        {"Assertions": [{"Assert": hostile.function(random, names)}]},
        hostile.function(random, names),
        _SUPPRESSION,
    )


def _set_attribute(random: Random, body: dict[str, Any], names: list[str]) -> None:
    resources = body.get("Resources")
    if isinstance(resources, dict) and resources:
        resource = resources[random.choice(list(resources))]
        if isinstance(resource, dict):
            key = random.choice(_ATTRIBUTES)
            given = (hostile.value(random, names), random.choice(names), names[:4], dict(_SUPPRESSION))
            resource[key] = copy.deepcopy(random.choice(given))


def _change_place(random: Random, body: dict[str, Any], names: list[str]) -> None:
    holder, key = random.choice(places(body))
    match random.randrange(8):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[hostile.text(random, names)] = holder.pop(key)
        case 2:
            holder[key] = {random.choice(hostile.FUNCTIONS): holder[key]}
        case 3:
            other, inner = random.choice(places(body))
            holder[key] = copy.deepcopy(other[inner])
        case 4:
            holder[key] = [copy.deepcopy(holder[key]) for _ in range(random.randrange(4))]
        case 5 if isinstance(holder[key], str):
            at = random.randrange(len(holder[key]) + 1)
            holder[key] = holder[key][:at] + hostile.text(random, names) + holder[key][at:]
        case _:
            holder[key] = hostile.value(random, names)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every (map or list, key) below a value."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            waiting.append(holder[key])
    return found
