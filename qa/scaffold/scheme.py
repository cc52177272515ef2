"""The settings of a project: its stacks, what each needs of others, and what only a person knows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa.template import Template

    from .reading import Source

SUFFIX_NAMES = frozenset(
    {"suffix", "environment", "env", "stage", "environmentname", "envname", "environmentsuffix", "stagename"}
)
"""Parameters, in lower case, that tell the deployments of one template apart."""
DEFAULT_SUFFIX = "dev"
_NAMED = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::User": "UserName",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackScheme:
    """One stack of the settings; the values are TOML."""

    source: Source
    needs: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    """Parameters without a default whose value nothing here tells."""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """All of the settings."""

    regions: tuple[str, ...]
    stacks: tuple[StackScheme, ...] = ()
    assembly: str | None = None

    def settings(self, table: str) -> str:
        """Return the text of the settings; `table` is "tool.qa" in pyproject.toml and "" in qa.toml."""
        lines = [f"[{table}]"] if table else []
        lines += [
            f"regions = {_list(self.regions)}   # the first is the primary",
            'live-tests = ["tests/live"]',
        ]
        if self.assembly is not None:
            lines.append(f"assembly = {_text(self.assembly)}")
        if len(self.stacks) == 1:
            lines += _entries(self.stacks[0], table)
        for stack in self.stacks if len(self.stacks) > 1 else ():
            header = f"[[{table}.stack]]" if table else "[[stack]]"
            lines += ["", header, f"name = {_text(stack.source.name)}", *_entries(stack, header.strip("[]"))]
        return "\n".join([*lines, ""])


def scheme_of(sources: Sequence[Source], regions: tuple[str, ...], assembly: str | None) -> Scheme:
    """Return the settings for these templates: parameters that are outputs of others become needs."""
    outputs: dict[str, list[str]] = {}
    exports: dict[str, list[str]] = {}
    for source in sources:
        for name, output in source.template.outputs.items():
            outputs.setdefault(name, []).append(source.name)
            exported = (output.get("Export") or {}).get("Name") if isinstance(output, dict) else None
            exports.setdefault(json.dumps(exported, sort_keys=True), []).append(source.name)
    stacks = tuple(_stack(source, outputs, exports) for source in sources)
    return Scheme(regions=regions, stacks=stacks, assembly=assembly)


def _stack(source: Source, outputs: Mapping[str, list[str]], exports: Mapping[str, list[str]]) -> StackScheme:
    parameters, needs, unknown = dict[str, str](), dict[str, None](), []
    for name, parameter in source.template.parameters.items():
        makers = [maker for maker in outputs.get(name, ()) if maker != source.name]
        if name.lower() in SUFFIX_NAMES and _takes_suffix(parameter):
            parameters[name] = _text("{suffix}")
        elif "Default" in parameter:
            continue
        elif len(makers) == 1:
            needs[makers[0]] = None
            parameters[name] = f"{{ output = {_text(name)}, of = {_text(makers[0])} }}"
        elif str(parameter.get("NoEcho", "")).lower() == "true":
            parameters[name] = f"{{ env = {_text(_variable(name))} }}"
        else:
            unknown.append(name)
    for imported in _imports(source.template.body):
        for maker in exports.get(json.dumps(imported, sort_keys=True), ()):
            needs |= {maker: None} if maker != source.name else {}
    return StackScheme(
        source=source,
        needs=tuple(needs),
        parameters=parameters,
        unknown=tuple(unknown),
        capabilities=_capabilities(source.template),
    )


def _takes_suffix(parameter: Mapping[str, Any]) -> bool:
    allowed = parameter.get("AllowedValues")
    return parameter.get("Type", "String") == "String" and (not allowed or DEFAULT_SUFFIX in allowed)


def _capabilities(template: Template) -> tuple[str, ...]:
    of_iam = [each for each in template.resources.values() if each.type.startswith("AWS::IAM::")]
    named = any(_NAMED.get(each.type) in each.properties for each in of_iam)
    iam = ("CAPABILITY_NAMED_IAM",) if named else ("CAPABILITY_IAM",) if of_iam else ()
    return (*iam, *(("CAPABILITY_AUTO_EXPAND",) if template.transforms else ()))


def _imports(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "Fn::ImportValue":
                yield part
            yield from _imports(part)
    elif isinstance(value, list):
        for part in value:
            yield from _imports(part)


def _entries(stack: StackScheme, table: str) -> list[str]:
    lines = [f"template = {_text(stack.source.path)}"]
    lines += [f"needs = {_list(stack.needs)}"] if stack.needs else []
    lines += [f"capabilities = {_list(stack.capabilities)}"] if stack.capabilities else []
    parameters = [f"{name} = {value}" for name, value in stack.parameters.items()]
    parameters += [f'# {name} = ""   # has no default: write its value' for name in stack.unknown]
    return [*lines, "", f"[{table}.parameters]".replace("[.", "["), *parameters] if parameters else lines


def _variable(name: str) -> str:
    return "".join(
        f"_{char}" if char.isupper() and index else char for index, char in enumerate(name)
    ).upper()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
