"""Reading a project's settings: `[tool.qa]` of pyproject.toml, or qa.toml.

docs/configuration.md explains every key; a test holds the two together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.errors import UsageError
from qa.settings_file import find_settings_file, settings_in
from qa.settings_table import KEYS, SettingsTable
from qa.template import partition_of

from .assembly import assembly_regions
from .project import DeployStep, Environment, Project, Regions, Role, TearDown, When
from .safety import Safety
from .stack_settings import read_parameters, read_stacks

if TYPE_CHECKING:
    from pathlib import Path

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d{1,2}")
_ACCOUNT = re.compile(r"\d{12}")


def find_project(start: Path) -> Project:
    """Load the nearest settings, from `start` upwards; UsageError without any."""
    found = find_settings_file(start)
    if found is None:
        raise UsageError(
            f"no pyproject.toml with a [tool.qa] table and no qa.toml in {start} or above it. "
            "Run qa inside the project, or write the settings: docs/configuration.md."
        )
    return _project(*found)


def load_project(root: Path) -> Project:
    """Return the settings of a folder. Raises UsageError naming the first key that is wrong."""
    return _project(*(settings_in(root) or (root / "pyproject.toml", {})))


def _project(source: Path, values: object) -> Project:
    table = SettingsTable(values, name="tool.qa", source=source, keys=KEYS)
    root = source.parent
    table.table("check")  # not ours to read, ours to refuse when a key is wrong
    deploy = table.table("deploy")
    regions = _regions(table, root)
    return Project(
        root=root,
        stacks=read_stacks(table, regions, root),
        suffix=table.text("suffix", "dev"),
        suffix_is_written=table.has("suffix"),
        suffix_variables=table.texts("suffix-variables", ("QA_SUFFIX", "ENVIRONMENT_SUFFIX")),
        outputs=root / table.text("outputs", "cfn-outputs"),
        live_tests=tuple(root / folder for folder in table.texts("live-tests", ("tests/integration",))),
        regions=regions,
        parameters=read_parameters(table),
        steps=_steps(table, deploy, regions),
        tear_down=_tear_down(table, table.table("destroy")),
        environments=tuple(
            _environment(pattern, each) for pattern, each in table.named_tables("environment").items()
        ),
        document_prefixes=_document_prefixes(table.table("sweep")),
        safety=_safety(table.table("safety")),
        endpoints=_endpoints(table),
        assets_bucket=table.text_or_none("assets-bucket"),
    )


def _regions(table: SettingsTable, root: Path) -> Regions:
    assembly = table.text_or_none("assembly")
    if assembly is not None and not table.has("regions"):
        return _region_list(table, assembly_regions(root / assembly))
    if not isinstance(table.raw("regions", None), list):
        return _two_regions(table.table("regions"))
    return _region_list(table, table.texts("regions", ()))


def _region_list(table: SettingsTable, names: tuple[str, ...]) -> Regions:
    for name in names:
        if not _REGION.fullmatch(name):
            raise table.wrong("regions", name, "names of regions, such as 'us-east-1'")
        if names.count(name) > 1:
            raise table.wrong("regions", list(names), f"each region once, and {name!r} is there twice")
    if not names:
        raise table.wrong("regions", [], "at least one region; the first is the primary")
    partitions = {partition_of(name) for name in names}
    if len(partitions) > 1:
        found = " and ".join(sorted(partitions))
        raise table.wrong("regions", list(names), f"regions of one partition, and these are of {found}")
    return Regions(names)


def _two_regions(table: SettingsTable) -> Regions:
    named = {role: table.text(role) for role in ("primary", "secondary")}
    for role, region in named.items():
        if not _REGION.fullmatch(region):
            raise table.wrong(role, region, "the name of a region, such as 'us-east-1'")
    if named["primary"] == named["secondary"]:
        raise table.wrong("secondary", named["secondary"], "another region than the primary")
    if partition_of(named["primary"]) != partition_of(named["secondary"]):
        raise table.wrong("secondary", named["secondary"], "a region of the primary's partition")
    return Regions((named["primary"], named["secondary"]))


def _steps(table: SettingsTable, deploy: SettingsTable, regions: Regions) -> tuple[DeployStep, ...]:
    steps = tuple(
        DeployStep(
            role=step.choice("region", Role),
            when=step.choice("when", When, When.ALWAYS),
            parameters=read_parameters(step, inner="tool.qa.deploy.step.parameters"),
        )
        for step in deploy.tables("step")
    )
    if steps and len(regions.names) != 2:
        raise table.wrong(
            "regions", list(regions.names), "two regions, for [[tool.qa.deploy.step]] knows two"
        )
    return steps


def _tear_down(top: SettingsTable, table: SettingsTable) -> TearDown:
    if top.has("stack") and table.has("order"):
        raise table.wrong(
            "order", table.raw("order", None), "no order: with [[tool.qa.stack]] `needs` gives it"
        )
    parameters = table.free("parameters")
    return TearDown(
        parameters={name: value for name, value in parameters.items() if isinstance(value, str)},
        buckets=table.texts("buckets", ()) if table.has("buckets") else None,
        order=table.choices("order", Role, (Role.SECONDARY, Role.PRIMARY)),
    )


def _environment(pattern: str, table: SettingsTable) -> Environment:
    accounts = _by_region(table, "accounts")
    for region, account in accounts.items():
        if not _ACCOUNT.fullmatch(account):
            raise table.wrong("accounts", {region: account}, "account IDs of twelve digits, in quotes")
    return Environment(
        pattern=pattern,
        parameters=read_parameters(table),
        accounts=accounts,
        roles=_by_region(table, "roles"),
        deploy_roles=_by_region(table, "deploy-roles"),
        service_roles=_by_region(table, "service-roles"),
    )


def _by_region(table: SettingsTable, key: str) -> dict[str, str]:
    found = {name: str(value) for name, value in table.free(key).items()}
    for name in found:
        if name != "default" and not _REGION.fullmatch(name):
            raise table.wrong(key, name, "names of regions, or `default`")
    return found


def _endpoints(table: SettingsTable) -> dict[str, str]:
    found = {name: str(value) for name, value in table.free("endpoints").items()}
    for service, url in found.items():
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise table.wrong(f"endpoints.{service}", url, "an https URL without credentials")
    return found


def _document_prefixes(table: SettingsTable) -> tuple[str, ...]:
    prefixes = table.texts("document-prefixes", ("qa-",))
    for prefix in prefixes:
        if "qa-" not in prefix:
            raise table.wrong("document-prefixes", prefix, "a prefix that holds 'qa-': all else is not ours")
    return prefixes


def _safety(table: SettingsTable) -> Safety:
    accounts = table.texts("accounts", ())
    for account in accounts:
        if not _ACCOUNT.fullmatch(account):
            raise table.wrong("accounts", account, "account IDs of twelve digits, in quotes")
    return Safety(
        accounts=accounts,
        regions=table.texts("regions", ()),
        calls_per_run=table.count("calls-per-run", Safety().calls_per_run),
        writes=table.flag("writes"),
    )
