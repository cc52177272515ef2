"""A project as values: its stacks, their regions, how they are deployed and torn down."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from qa.errors import QaError, UsageError
from qa.template import partition_of

from .safety import Safety
from .target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .target import Target

STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


class Role(enum.Enum):
    """Which of the first two regions; the words of the settings."""

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
    """A parameter's value that is an output of the stack in the other region, read when the step is taken."""

    output: str
    of: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOutput:
    """A parameter's value that is an output of another stack, read once that stands."""

    output: str
    of: str
    """The name of a stack in the settings."""
    region: str | None = None
    """None for the region of the stack that takes it, or the only one of the other stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentVariable:
    """A parameter's value that stands in an environment variable, as secrets do."""

    name: str


ParameterValue = str | OutputOf | StackOutput | EnvironmentVariable


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
    buckets: tuple[str, ...] | None = None
    """Stack outputs that name the buckets to empty; None for those whose deletion fails for being full."""
    order: tuple[Role, ...] = (Role.SECONDARY, Role.PRIMARY)


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions of a project, the primary first; each region once, all of one partition."""

    names: tuple[str, ...]

    @property
    def primary(self) -> str:
        """The region that a deployment begins with."""
        return self.names[0]

    @property
    def secondary(self) -> str:
        """The region after the primary. Raises QaError when there is one region only."""
        if len(self.names) < 2:
            raise QaError(f"there is no secondary region: [tool.qa] has {self.primary!r} only.")
        return self.names[1]

    def of(self, role: Role) -> str:
        """Return the region name of the role."""
        return self.primary if role is Role.PRIMARY else self.secondary


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSettings:
    """One stack of the settings: a template, which becomes one stack in each of its regions."""

    name: str
    template: Path
    stack_name: str
    """What CloudFormation calls it; `{suffix}` is filled in per deployment."""
    regions: tuple[str, ...]
    needs: tuple[str, ...] = ()
    """Stacks that must stand in all their regions before this one is touched."""
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    tags: Mapping[str, str] | None = None
    """None leaves a stack's tags as they are."""
    capabilities: tuple[str, ...] = ()
    termination_protection: bool | None = None
    """None leaves it as it is."""
    policy: Path | None = None
    """A stack policy, JSON."""
    assets: Mapping[str, Path] | None = None
    """Of a CDK assembly: files and folders of code by key; None for a template of its own."""
    account: str | None = None
    """The account that a CDK assembly names; None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What holds for the deployments of one suffix, or of those that its pattern covers."""

    pattern: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Account by region; `default` for the regions not named."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """ARN of the role that a region is touched as, likewise; `{account}` and so on are filled in."""
    deploy_roles: Mapping[str, str] = field(default_factory=dict)
    """In place of these while stacks are deployed and destroyed."""
    service_roles: Mapping[str, str] = field(default_factory=dict)
    """ARN of the role that CloudFormation takes, likewise."""

    def account_of(self, region: str) -> str | None:
        """Return the account that a region must be in; None where any will do."""
        return of_region(self.accounts, region)


def of_region(by_region: Mapping[str, str], region: str) -> str | None:
    """Return what is said of a region, else what `default` is; None for neither."""
    return by_region.get(region, by_region.get("default"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The settings as values; paths are absolute."""

    root: Path
    stacks: tuple[StackSettings, ...]
    """In order of needs: no stack needs a later one."""
    suffix: str
    suffix_is_written: bool = False
    suffix_variables: tuple[str, ...]
    outputs: Path
    live_tests: tuple[Path, ...]
    regions: Regions
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    """For every stack whose template declares them."""
    steps: tuple[DeployStep, ...] = ()
    """For one stack in two regions; without steps each stack is made once in each region."""
    tear_down: TearDown = field(default_factory=TearDown)
    environments: tuple[Environment, ...] = ()
    document_prefixes: tuple[str, ...]
    """Key prefixes under which the sweep looks for documents; each holds `qa-`."""
    safety: Safety = field(default_factory=Safety)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """URLs of services at the real AWS, by boto3's name; `{region}` is filled in."""
    assets_bucket: str | None = None
    """A bucket of yours for large templates and code; `{region}` and `{account}` are filled in."""

    def reached(self, target: Target, deployment: Deployment, *, deploying: bool = False) -> Target:
        """Return how a target is reached: the roles of a deployment, and at the real AWS the endpoints."""
        if target.kind is TargetKind.EMBEDDED:
            return target
        endpoints = self.endpoints if target.kind is TargetKind.AWS else {}
        return replace(target, roles=deployment.roles(deploying=deploying), endpoints=endpoints)

    def stack(self, name: str) -> StackSettings:
        """Return the stack of this name."""
        return next(each for each in self.stacks if each.name == name)

    @property
    def template(self) -> Path:
        """The template of the only stack. Raises QaError when there are several."""
        if len(self.stacks) > 1:
            names = ", ".join(each.name for each in self.stacks)
            raise QaError(f"the settings have several stacks ({names}), so there is no one template.")
        return self.stacks[0].template

    def deployment(
        self, environ: Mapping[str, str], *, suffix: str | None = None, stack_name: str | None = None
    ) -> Deployment:
        """Return names and regions of one deployment: suffix as given, else of the environment, else default.

        Raises UsageError for a suffix or stack name that CloudFormation would not take, and for a suffix
        that was named and for which no environment is defined, where there are any.
        """
        of_variables = (environ.get(variable) for variable in self.suffix_variables)
        named = suffix or next(filter(None, of_variables), None)
        chosen = named or self.suffix
        environment = self._environment(chosen, is_named=named is not None or self.suffix_is_written)
        if stack_name is not None and len(self.stacks) > 1:
            raise UsageError(
                f"--stack-name {stack_name!r} names one stack, and the settings have {len(self.stacks)}. "
                "Write `stack-name` for each into the settings."
            )
        stacks = tuple(
            StackNames(
                name=each.name,
                stack_name=stack_name or each.stack_name.replace("{suffix}", chosen),
                regions=each.regions,
            )
            for each in self.stacks
        )
        for each in stacks:
            if not STACK_NAME.fullmatch(each.stack_name):
                raise UsageError(
                    f"stack name {each.stack_name!r} is not possible: CloudFormation wants letters, digits "
                    "and hyphens, a letter first, at most 128. Give another --suffix or --stack-name."
                )
        return Deployment(
            suffix=chosen,
            stacks=stacks,
            regions=self.regions,
            environment=environment,
            assets_bucket=self.assets_bucket,
            variables={name: environ[name] for name in self._variables() if environ.get(name)},
        )

    def _variables(self) -> Iterator[str]:
        of_stacks = [stack.parameters for stack in self.stacks]
        layers = (self.parameters, *of_stacks, *(each.parameters for each in self.environments))
        values = (value for layer in layers for value in layer.values())
        return (value.name for value in values if isinstance(value, EnvironmentVariable))

    def _environment(self, suffix: str, *, is_named: bool) -> Environment | None:
        """Return the environment of a suffix: its own, else the first whose pattern covers it."""
        exact = [each for each in self.environments if each.pattern == suffix]
        covering = [each for each in self.environments if fnmatchcase(suffix, each.pattern)]
        found = next(iter(exact + covering), None)
        if found is None and self.environments and is_named:
            defined = ", ".join(each.pattern for each in self.environments)
            raise UsageError(
                f"no environment {suffix!r} is defined; there are: {defined}. Name one with --suffix, or add "
                f"[tool.qa.environment.{suffix}] (a pattern such as 'pr*' covers many)."
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StackNames:
    """One stack of a deployment: its name in the settings and in CloudFormation, and its regions."""

    name: str
    stack_name: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One stack in one region: what CloudFormation calls a stack."""

    name: str
    stack_name: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One environment: the suffix, and what its stacks are called where."""

    suffix: str
    stacks: tuple[StackNames, ...]
    regions: Regions
    environment: Environment | None = None
    assets_bucket: str | None = None
    """A bucket of yours for large templates and code; None for one that qa makes."""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Environment variables that parameters are taken from, those that are set; never written anywhere."""

    @property
    def region_names(self) -> tuple[str, ...]:
        """All regions, the primary first."""
        return self.regions.names

    @property
    def places(self) -> tuple[Place, ...]:
        """Every stack in every region it has, in the order of the settings."""
        return tuple(
            Place(name=stack.name, stack_name=stack.stack_name, region=region)
            for stack in self.stacks
            for region in stack.regions
        )

    @property
    def stack_names(self) -> tuple[str, ...]:
        """What CloudFormation calls the stacks, each name once."""
        return tuple(dict.fromkeys(stack.stack_name for stack in self.stacks))

    @property
    def title(self) -> str:
        """The stacks' names, for a person."""
        return ", ".join(self.stack_names)

    @property
    def stack_name(self) -> str:
        """What CloudFormation calls the only stack. Raises QaError when there are several."""
        if len(self.stacks) > 1:
            raise QaError(f"there are several stacks ({self.title}): look at `deployment.stacks`.")
        return self.stacks[0].stack_name

    def roles(self, *, deploying: bool) -> dict[str, str]:
        """Return the ARN of the role to assume by region; none for regions without one."""
        if self.environment is None:
            return {}
        own, of_deployments = self.environment.roles, self.environment.deploy_roles if deploying else {}
        found = {
            region: of_region(of_deployments, region) or of_region(own, region)
            for region in self.region_names
        }
        return {region: self._arn(arn, region) for region, arn in found.items() if arn is not None}

    def service_role(self, region: str) -> str | None:
        """Return the ARN of the role that CloudFormation takes in a region; None for the caller's rights."""
        arn = None if self.environment is None else of_region(self.environment.service_roles, region)
        return None if arn is None else self._arn(arn, region)

    def _arn(self, pattern: str, region: str) -> str:
        account = None if self.environment is None else self.environment.account_of(region)
        arn = self.fill_in(pattern, region=region, account=account)
        if not re.fullmatch(r"arn:[a-z-]+:iam::\d{12}:role/.+", arn):
            raise UsageError(
                f"{arn!r} is not the ARN of a role, for {region} of environment "
                f"{'' if self.environment is None else self.environment.pattern!r}. "
                "`{account}` stands for what `accounts` says of the region."
            )
        return arn

    def places_in(self, region: str) -> Iterator[Place]:
        """Yield the stacks of one region."""
        return (place for place in self.places if place.region == region)

    def place(self, name: str, region: str) -> Place:
        """Return the stack of a name in a region that it has."""
        return next(each for each in self.places if (each.name, each.region) == (name, region))

    def fill_in(self, text: str, *, region: str | None = None, account: str | None = None) -> str:
        """Replace `{suffix}`, `{primary}` and so on; what a stack alone has only where it is given."""
        known = {"suffix": self.suffix, "primary": self.regions.primary}
        if len(self.regions.names) > 1:
            known["secondary"] = self.regions.secondary
        if region is not None:
            known |= {"region": region, "partition": partition_of(region)}
        if account is not None:
            known["account"] = account
        return re.sub(r"\{([a-z]+)\}", lambda found: known.get(found[1], found[0]), text)
