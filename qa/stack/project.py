"""What `[tool.qa]` of pyproject.toml says about the stack: where it is, how it is deployed and torn down.

docs/configuration.md explains every key; a test holds the two together.
"""

from __future__ import annotations

import enum
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.settings_table import KEYS, SettingsTable

from .safety import Safety

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Role(enum.Enum):
    """Which of the two regions; the words of the settings."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class When(enum.Enum):
    """In which deployments a step is taken; decided once, before the first step."""

    ALWAYS = "always"
    FRESH = "fresh"
    """Not both stacks exist and are complete."""
    BOTH_EXIST = "both-exist"
    """Both stacks exist and are complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOf:
    """A parameter's value that is an output of a stack, read when the step is taken."""

    output: str
    of: Role


ParameterValue = str | OutputOf


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployStep:
    """Create or update the stack of one region with these parameters, on top of the common ones."""

    role: Role
    when: When = When.ALWAYS
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TearDown:
    """What happens before stacks are deleted, and in which order they are."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    """Set on every stack first; a stack without such a parameter is left as it is."""
    buckets: tuple[str, ...] = ()
    """Stack outputs that name the buckets to empty."""
    order: tuple[Role, ...] = (Role.SECONDARY, Role.PRIMARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The two regions by role."""

    primary: str
    secondary: str

    def of(self, role: Role) -> str:
        """Return the region name of the role."""
        return self.primary if role is Role.PRIMARY else self.secondary


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`[tool.qa]` as values; paths are absolute."""

    root: Path
    template: Path
    stack_name_prefix: str
    suffix: str
    suffix_variables: tuple[str, ...]
    capabilities: tuple[str, ...]
    outputs: Path
    live_tests: tuple[Path, ...]
    regions: Regions
    parameters: Mapping[str, ParameterValue]
    """Common to all steps; `{suffix}`, `{primary}` and `{secondary}` are filled in per deployment."""
    steps: tuple[DeployStep, ...]
    tear_down: TearDown
    document_prefixes: tuple[str, ...]
    """Key prefixes under which the sweep looks for documents; each holds `qa-`."""
    safety: Safety = field(default_factory=Safety)

    def deployment(
        self, environ: Mapping[str, str], *, suffix: str | None = None, stack_name: str | None = None
    ) -> Deployment:
        """Return names and regions of one deployment: suffix as given, else of the environment, else default.

        Raises UsageError for a suffix or stack name that CloudFormation would not take.
        """
        of_environment = (environ.get(variable) for variable in self.suffix_variables)
        chosen = suffix or next(filter(None, of_environment), self.suffix)
        name = stack_name or f"{self.stack_name_prefix}-{chosen}"
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", name):
            raise UsageError(
                f"stack name {name!r} is not possible: CloudFormation wants letters, digits and hyphens, "
                "a letter first, at most 128. Give another --suffix or --stack-name."
            )
        return Deployment(suffix=chosen, stack_name=name, regions=self.regions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One environment: the suffix and the stack name that both regions share."""

    suffix: str
    stack_name: str
    regions: Regions

    @property
    def region_names(self) -> tuple[str, str]:
        """Both regions, the primary first."""
        return (self.regions.primary, self.regions.secondary)

    def fill_in(self, text: str) -> str:
        """Replace `{suffix}`, `{primary}` and `{secondary}` in a parameter's value."""
        known = {"suffix": self.suffix, "primary": self.regions.primary, "secondary": self.regions.secondary}
        return re.sub(r"\{(suffix|primary|secondary)\}", lambda found: known[found[1]], text)


def find_project(start: Path) -> Project:
    """Load the nearest pyproject.toml with `[tool.qa]`, from `start` upwards; UsageError without one."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "pyproject.toml").is_file() and "qa" in _tools(folder / "pyproject.toml"):
            return load_project(folder)
    raise UsageError(
        f"no pyproject.toml with a [tool.qa] table in {start} or above it. "
        "Run qa inside the project, or write the table: docs/configuration.md."
    )


def load_project(root: Path) -> Project:
    """Return `[tool.qa]` of root/pyproject.toml. Raises UsageError naming every key that is wrong."""
    source = root / "pyproject.toml"
    table = SettingsTable(_tools(source).get("qa", {}), name="tool.qa", source=source, keys=KEYS)
    deploy = table.table("deploy")
    table.table("check")  # not ours to read, ours to refuse when a key is wrong
    return Project(
        root=root,
        template=root / table.text("template"),
        stack_name_prefix=table.text("stack-name-prefix"),
        suffix=table.text("suffix", "dev"),
        suffix_variables=table.texts("suffix-variables", ("QA_SUFFIX", "ENVIRONMENT_SUFFIX")),
        capabilities=table.texts("capabilities", ()),
        outputs=root / table.text("outputs", "cfn-outputs"),
        live_tests=tuple(root / folder for folder in table.texts("live-tests", ("tests/integration",))),
        regions=_regions(table.table("regions")),
        parameters=_parameters(deploy),
        steps=tuple(_step(step) for step in deploy.tables("step")),
        tear_down=_tear_down(table.table("destroy")),
        document_prefixes=_document_prefixes(table.table("sweep")),
        safety=_safety(table.table("safety")),
    )


def _tools(source: Path) -> Mapping[str, object]:
    try:
        tools = tomllib.loads(source.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError) as error:  # ValueError: no TOML, or no UTF-8
        raise UsageError(f"{source} cannot be read: {error}") from error
    return tools if isinstance(tools, dict) else {}


def _regions(table: SettingsTable) -> Regions:
    named = {role: table.text(role) for role in ("primary", "secondary")}
    for role, region in named.items():
        if not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d{1,2}", region):
            raise table.wrong(role, region, "the name of a region, such as 'us-east-1'")
    if named["primary"] == named["secondary"]:
        raise table.wrong("secondary", named["secondary"], "another region than the primary")
    return Regions(**named)


def _step(table: SettingsTable) -> DeployStep:
    return DeployStep(
        role=table.choice("region", Role),
        when=table.choice("when", When, When.ALWAYS),
        parameters=_parameters(table),
    )


def _parameters(table: SettingsTable) -> dict[str, ParameterValue]:
    return {
        name: OutputOf(output=value.text("output"), of=value.choice("of", Role))
        if isinstance(value, SettingsTable)
        else value
        for name, value in table.free("parameters", inner="tool.qa.deploy.step.parameters").items()
    }


def _tear_down(table: SettingsTable) -> TearDown:
    parameters = table.free("parameters")
    return TearDown(
        parameters={name: value for name, value in parameters.items() if isinstance(value, str)},
        buckets=table.texts("buckets", ()),
        order=table.choices("order", Role, (Role.SECONDARY, Role.PRIMARY)),
    )


def _document_prefixes(table: SettingsTable) -> tuple[str, ...]:
    prefixes = table.texts("document-prefixes", ("qa-",))
    for prefix in prefixes:
        if "qa-" not in prefix:
            raise table.wrong("document-prefixes", prefix, "a prefix that holds 'qa-': all else is not ours")
    return prefixes


def _safety(table: SettingsTable) -> Safety:
    accounts = table.texts("accounts", ())
    for account in accounts:
        if not re.fullmatch(r"\d{12}", account):
            raise table.wrong("accounts", account, "account IDs of twelve digits, in quotes")
    return Safety(
        accounts=accounts,
        regions=table.texts("regions", ()),
        calls_per_run=table.count("calls-per-run", Safety().calls_per_run),
        writes=table.flag("writes"),
    )
