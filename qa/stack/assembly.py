"""A CDK cloud assembly (`cdk.out`) as a source of stacks: names, regions, order and assets of its manifest.

The templates are deployed with the caller's rights and through qa's own buckets: the parameter and the rule
by which a template asks for the CDK's bootstrap stack are left out, and assets go where local code goes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import UsageError

from .project import StackSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
OLDEST, NEWEST = 36, 55
"""Major versions of the manifest that are read, as cloud-assembly-schema counts them."""
STACK, ASSETS, NESTED = "aws:cloudformation:stack", "cdk:asset-manifest", "cdk:cloud-assembly"
ANY_REGION = "unknown-region"
BOOTSTRAP_PARAMETER, BOOTSTRAP_RULE = "BootstrapVersion", "CheckBootstrapVersion"
_ENVIRONMENT = re.compile(r"aws://(?P<account>[^/]+)/(?P<region>[^/]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Artifact:
    folder: Path
    name: str
    values: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        found = self.values.get("properties")
        return found if isinstance(found, dict) else {}

    @property
    def region(self) -> str:
        found = _ENVIRONMENT.fullmatch(str(self.values.get("environment", "")))
        return ANY_REGION if found is None else found["region"]

    @property
    def account(self) -> str | None:
        found = _ENVIRONMENT.fullmatch(str(self.values.get("environment", "")))
        return found["account"] if found is not None and found["account"].isdigit() else None


def assembly_regions(folder: Path) -> tuple[str, ...]:
    """Return the regions that the stacks of an assembly name, in the order of its manifest."""
    found = (each.region for each in _artifacts(folder) if each.values.get("type") == STACK)
    return tuple(dict.fromkeys(region for region in found if region != ANY_REGION))


def assembly_stacks(folder: Path, regions: tuple[str, ...]) -> tuple[StackSettings, ...]:
    """Return the stacks; one that names no region is for all. Raises UsageError for what cannot be read."""
    artifacts = {each.name: each for each in _artifacts(folder)}
    stacks = {name: each for name, each in artifacts.items() if each.values.get("type") == STACK}
    if not stacks:
        raise UsageError(f"{folder / MANIFEST} has no stack.")
    return tuple(_stack(each, stacks, artifacts, regions) for each in stacks.values())


def _artifacts(folder: Path) -> Iterator[_Artifact]:
    """Yield what the manifest and those of nested assemblies list."""
    for name, values in _manifest(folder).items():
        yield _Artifact(folder=folder, name=name, values=values)
        if values.get("type") == NESTED:
            yield from _artifacts(folder / str(values.get("properties", {}).get("directoryName", "")))


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    source = folder / MANIFEST
    read = _read(source)
    version = str(read.get("version", ""))
    major = version.partition(".")[0]
    if not major.isdigit() or not OLDEST <= int(major) <= NEWEST:
        raise UsageError(
            f"{source} is of version {version or 'none'}; expected {OLDEST} to {NEWEST}. Synthesize it with "
            "a version of aws-cdk-lib that writes one of these, or get a newer qa."
        )
    artifacts = read.get("artifacts", {})
    if not isinstance(artifacts, dict) or not all(isinstance(each, dict) for each in artifacts.values()):
        raise UsageError(f"{source} has no artifacts: this is no manifest of a CDK assembly.")
    return artifacts


def _read(source: Path) -> dict[str, Any]:
    try:
        read = json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"no CDK assembly: {source} is not there. Write it with `cdk synth`.") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} cannot be read: {error}") from error
    if not isinstance(read, dict):
        raise UsageError(f"{source} is no JSON object.")
    return read


def _stack(
    stack: _Artifact,
    stacks: Mapping[str, _Artifact],
    artifacts: Mapping[str, _Artifact],
    regions: tuple[str, ...],
) -> StackSettings:
    named = stack.values.get("dependencies", [])
    properties = stack.properties
    lists = [artifacts[name] for name in named if name in artifacts]
    if stack.region != ANY_REGION and stack.region not in regions:
        raise UsageError(
            f"stack {stack.name!r} of {stack.folder} is in {stack.region}, which `regions` does not have: "
            f"{', '.join(regions)}."
        )
    return StackSettings(
        name=stack.name,
        template=stack.folder / str(properties.get("templateFile", f"{stack.name}.template.json")),
        stack_name=str(properties.get("stackName", stack.name)),
        regions=regions if stack.region == ANY_REGION else (stack.region,),
        needs=tuple(name for name in named if name in stacks),
        parameters={name: str(value) for name, value in properties.get("parameters", {}).items()},
        tags=dict(properties.get("tags", {})) or None,
        capabilities=("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"),
        termination_protection=properties.get("terminationProtection"),
        assets=_assets([each for each in lists if each.values.get("type") == ASSETS]),
        account=stack.account,
    )


def _assets(lists: list[_Artifact]) -> dict[str, Path]:
    """Return the files and folders of code by the key under which the template looks for them."""
    found: dict[str, Path] = {}
    for each in lists:
        read = _read(each.folder / str(each.properties.get("file", "")))
        if read.get("dockerImages"):
            raise UsageError(f"{each.name} of {each.folder} has container images, which qa does not deploy.")
        for asset in read.get("files", {}).values():
            path = each.folder / asset["source"]["path"]
            for destination in asset.get("destinations", {}).values():
                found[destination["objectKey"]] = path
    return found


def without_bootstrap(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a template that asks for no bootstrap stack."""
    found = dict(content)
    for section, name in (("Parameters", BOOTSTRAP_PARAMETER), ("Rules", BOOTSTRAP_RULE)):
        entries = found.get(section)
        if isinstance(entries, dict) and name in entries:
            left = {key: value for key, value in entries.items() if key != name}
            found[section] = left
            if not left:
                del found[section]
    return found
