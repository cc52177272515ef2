"""The stacks of the settings: one template, or several `[[tool.qa.stack]]` and what each needs of others."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from qa.settings_table import SettingsTable

from .assembly import assembly_stacks
from .project import STACK_NAME, EnvironmentVariable, OutputOf, Role, StackOutput, StackSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .project import ParameterValue, Regions

COMMON = "tool.qa.parameters"
ONLY_FOR_ONE = ("template", "deploy")
"""Keys of `[tool.qa]` that are about one template, and so exclude `[[tool.qa.stack]]`."""
_SECRET_NAME = re.compile(
    r"(pass(word|wd|phrase)|secret|token|(api|access|private|secret)_?key|credential)s?$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{20,}|\bxox[abp]-\w"
    r"|://[^/\s:]+:[^/\s@]+@"
)
_NO_SECRET = re.compile(
    r"(|true|false|yes|no|none|\d+|arn:.*|\{\{resolve:.*|\{[a-z]+\})", re.IGNORECASE | re.DOTALL
)


def read_parameters(table: SettingsTable, *, inner: str = COMMON) -> dict[str, ParameterValue]:
    """Return the `parameters` of a table. Raises UsageError for a value that seems to be a secret."""
    found = table.free("parameters", inner=inner)
    for name, value in found.items():
        if isinstance(value, str) and is_secret(name, value):
            raise table.wrong(
                f"parameters.{name}",
                "a text that seems to be a secret",
                'no secret: { env = "VARIABLE" }, or {{resolve:ssm-secure:…}} in the template',
            )
    return {
        name: _of_table(value, inner) if isinstance(value, SettingsTable) else value
        for name, value in found.items()
    }


def is_secret(name: str, value: str) -> bool:
    """Say whether a parameter's text seems to be a secret, by its name or by the form of the text."""
    if _SECRET_VALUE.search(value):
        return True
    return _SECRET_NAME.search(name) is not None and _NO_SECRET.fullmatch(value) is None


def _of_table(value: SettingsTable, inner: str) -> ParameterValue:
    if inner != COMMON:
        return OutputOf(output=value.text("output"), of=value.choice("of", Role))
    if value.has("env"):
        for key in ("output", "of", "region"):
            if value.has(key):
                raise value.wrong(key, value.raw(key, None), "either `env` alone, or `output` and `of`")
        return EnvironmentVariable(name=value.text("env"))
    return StackOutput(output=value.text("output"), of=value.text("of"), region=value.text_or_none("region"))


def read_stacks(table: SettingsTable, regions: Regions, root: Path) -> tuple[StackSettings, ...]:
    """Return the stacks, each after what it needs. Raises UsageError for what cannot be deployed so."""
    written = table.tables("stack")
    assembly = table.text_or_none("assembly")
    if assembly is not None:
        return _of_assembly(table, root / assembly, regions)
    if not written:
        return (_one_stack(table, regions, root),)
    for key in ONLY_FOR_ONE:
        if table.has(key):
            raise table.wrong(
                key, table.raw(key, None), f"either `{key}`, for one template, or [[tool.qa.stack]] tables"
            )
    stacks = [_stack(each, table, regions, root) for each in written]
    tables = dict(zip((stack.name for stack in stacks), written, strict=True))
    _refuse_same_names(stacks, written)
    for stack in stacks:
        _judge_needs(stack, {each.name: each for each in stacks}, tables[stack.name])
    return in_order_of_needs(stacks, table)


def _of_assembly(table: SettingsTable, folder: Path, regions: Regions) -> tuple[StackSettings, ...]:
    for key in ("template", "stack", "deploy", "stack-name-prefix"):
        if table.has(key):
            raise table.wrong(
                key, table.raw(key, None), f"either `{key}` or `assembly`, which has the stacks"
            )
    tags = {key: str(value) for key, value in table.free("tags").items()}
    stacks = [
        replace(
            stack,
            tags={**tags, **(stack.tags or {})} or None,
            capabilities=table.texts("capabilities", stack.capabilities),
        )
        for stack in assembly_stacks(folder, regions.names)
    ]
    return in_order_of_needs(stacks, table)


def _one_stack(table: SettingsTable, regions: Regions, root: Path) -> StackSettings:
    template = table.text("template")
    name = table.text("stack-name-prefix", _slug(template))
    return _settings(
        table,
        table,
        root,
        name=name,
        stack_name=f"{name}-{{suffix}}",
        regions=regions.names,
        parameters=read_parameters(table.table("deploy"), inner="tool.qa.deploy.step.parameters"),
    )


def _stack(table: SettingsTable, top: SettingsTable, regions: Regions, root: Path) -> StackSettings:
    name = table.text("name")
    if not STACK_NAME.fullmatch(name):
        raise table.wrong("name", name, "letters, digits and hyphens, a letter first")
    prefix = top.text_or_none("stack-name-prefix")
    default = "-".join(part for part in (prefix, name, "{suffix}") if part)
    chosen = table.texts("regions", regions.names)
    for region in chosen:
        if region not in regions.names:
            raise table.wrong("regions", region, f"regions of [tool.qa]: {', '.join(regions.names)}")
        if chosen.count(region) > 1:
            raise table.wrong("regions", list(chosen), f"each region once, and {region!r} is there twice")
    if not chosen:
        raise table.wrong("regions", [], "at least one region")
    return _settings(
        table,
        top,
        root,
        name=name,
        stack_name=table.text("stack-name", default),
        regions=chosen,
        parameters=read_parameters(table),
    )


def _settings(
    table: SettingsTable,
    top: SettingsTable,
    root: Path,
    *,
    name: str,
    stack_name: str,
    regions: tuple[str, ...],
    parameters: Mapping[str, ParameterValue],
) -> StackSettings:
    """Return a stack; what its own table does not say is taken from the top one."""
    protected = table.flag_or_none("termination-protection")
    policy = table.text_or_none("stack-policy") or top.text_or_none("stack-policy")
    tags = {**top.free("tags"), **table.free("tags")}
    return StackSettings(
        name=name,
        template=root / table.text("template"),
        stack_name=stack_name,
        regions=regions,
        needs=table.texts("needs", ()) if table is not top else (),
        parameters=parameters,
        tags={key: str(value) for key, value in tags.items()} if tags or table.has("tags") else None,
        capabilities=table.texts("capabilities", top.texts("capabilities", ())),
        termination_protection=top.flag_or_none("termination-protection") if protected is None else protected,
        policy=None if policy is None else root / policy,
    )


def _slug(template: str) -> str:
    """Return what a stack may be called after its template."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", Path(template).name.split(".")[0]).strip("-")
    return words if STACK_NAME.fullmatch(words) else f"stack-{words}".strip("-")


def _refuse_same_names(stacks: Sequence[StackSettings], tables: Sequence[SettingsTable]) -> None:
    seen: dict[str, str] = {}
    places: dict[tuple[str, str], str] = {}
    for stack, table in zip(stacks, tables, strict=True):
        if stack.name in seen:
            raise table.wrong("name", stack.name, "another name: a stack before this one has it")
        seen[stack.name] = stack.stack_name
        for region in stack.regions:
            other = places.setdefault((stack.stack_name, region), stack.name)
            if other != stack.name:
                raise table.wrong(
                    "stack-name", stack.stack_name, f"another name: {other!r} has it in {region} already"
                )


def _judge_needs(stack: StackSettings, stacks: Mapping[str, StackSettings], table: SettingsTable) -> None:
    for need in stack.needs:
        if need == stack.name:
            raise table.wrong("needs", need, "names of other stacks: a stack cannot need itself")
        if need not in stacks:
            raise table.wrong("needs", need, f"names of stacks.{_guess(need, list(stacks))}")
    for name, value in stack.parameters.items():
        if isinstance(value, StackOutput):
            _judge_output(stack, name, value, stacks, table)


def _judge_output(
    stack: StackSettings,
    name: str,
    value: StackOutput,
    stacks: Mapping[str, StackSettings],
    table: SettingsTable,
) -> None:
    key = f"parameters.{name}"
    if value.of not in stack.needs:
        raise table.wrong(
            key, value.of, f"an output of a stack in `needs`: {', '.join(stack.needs) or 'none'}"
        )
    other = stacks[value.of]
    if value.region is not None and value.region not in other.regions:
        raise table.wrong(key, value.region, f"a region of {value.of!r}: {', '.join(other.regions)}")
    if value.region is None and len(other.regions) > 1:
        missing = [region for region in stack.regions if region not in other.regions]
        if missing:
            raise table.wrong(key, value.of, f"a `region`, for {value.of!r} is not in {', '.join(missing)}")


def _guess(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" Did you mean {near[0]!r}" if near else f" There are: {', '.join(known)}"


def in_order_of_needs(stacks: Sequence[StackSettings], table: SettingsTable) -> tuple[StackSettings, ...]:
    """Return the stacks, each after what it needs, else in their own order; refuse a circle with its path."""
    ordered: dict[str, StackSettings] = {}
    left = list(stacks)
    while left:
        ready = [stack for stack in left if all(need in ordered for need in stack.needs)]
        if not ready:
            circle = _circle(left)
            raise table.wrong("stack", " → ".join(circle), "stacks that need each other in no circle")
        ordered[ready[0].name] = ready[0]
        left.remove(ready[0])
    return tuple(ordered.values())


def _circle(stacks: Sequence[StackSettings]) -> list[str]:
    """Return the names along a circle of needs; each of these stacks needs another one of them."""
    needs = {stack.name: stack.needs for stack in stacks}
    path = [stacks[0].name]
    while path.count(path[-1]) == 1:
        path.append(next(need for need in needs[path[-1]] if need in needs))
    return path[path.index(path[-1]) :]
