"""Which template the stacks of all regions are of.

CloudFormation keeps a stack's old template when an update to a new one would change nothing there: a resource
that one region alone holds is changed, and only that region's template follows. So two stacks agree on a
template when each has it, or would not be changed by it. CloudFormation answers that with a change set that
is never executed; stacks that have the same text need none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from qa.errors import ProbeError, UsageError
from qa.invocation import DEPLOY
from qa.template import parse_template
from qa.template.errors import TemplateError

from .aws_errors import translate_errors
from .changeset import StackRequest, difference_from
from .live import find_stack
from .outputs import OutputsError
from .packaging import with_bucket, without_bucket
from .template_file import (
    MAX_BODY_BYTES,
    combined_digest,
    digest_of,
    minified,
    size_of,
    template_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cloudformation.literals import CapabilityType

    from .assets import Assets
    from .clients import Clients
    from .project import Deployment, Project, StackNames, StackSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTemplate:
    """A template, of a stack or of the project."""

    body: str
    content: object
    """The parsed JSON; the text itself when it is none."""
    digest: str

    def body_for(self, bucket: str) -> str:
        """Return what is sent of it where packages lie in this bucket."""
        if not isinstance(self.content, dict):
            return self.body
        there = with_bucket(self.content, bucket)
        return self.body if there == self.content else minified(there)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The declared parameters by name."""
        declared = self.content.get("Parameters") if isinstance(self.content, dict) else None
        return declared if isinstance(declared, dict) else {}


def agreed_digest(project: Project, deployment: Deployment, clients: Clients, assets: Assets) -> str:
    """Return the digest of the templates that all regions agree on, the project's own if they do.

    Raises OutputsError when there is none, with what would change.
    """
    return combined_digest(
        {
            stack.name: _agreed(_Comparison(project, deployment, clients, assets, stack))
            for stack in deployment.stacks
        }
    )


def _agreed(comparison: _Comparison) -> str:
    own = _of_project(comparison.settings)
    if own is not None and comparison.agrees_on_own(own):
        return own.digest
    reasons = []
    live = comparison.live
    for candidate in {each.digest: each for each in live.values()}.values():
        against = dict(comparison.differences(candidate))
        if not against:
            return candidate.digest
        reasons += [f"{region} {difference}" for region, difference in against.items()]
    digests = ", ".join(f"{region} {template.digest[:12]}…" for region, template in live.items())
    raise OutputsError(
        f"the stacks {comparison.stack.stack_name!r} are of different templates ({digests}). "
        f"Given the other's template, {'; '.join(reasons)}. Run `{DEPLOY}`."
    )


@dataclass(frozen=True)
class _Comparison:
    """One stack in all its regions."""

    project: Project
    deployment: Deployment
    clients: Clients
    assets: Assets
    stack: StackNames

    @property
    def settings(self) -> StackSettings:
        return self.project.stack(self.stack.name)

    @cached_property
    def live(self) -> Mapping[str, StackTemplate]:
        """The templates that the stacks have, by region."""
        return {
            region: _of_stack(self.clients, region, self.stack.stack_name) for region in self.stack.regions
        }

    def agrees_on_own(self, own: StackTemplate) -> bool:
        """Say whether both stacks are of the project's template, by texts alone without more rights."""
        try:
            return not any(self.differences(own))
        except ProbeError:
            # `qa outputs` needs no right to make change sets while the two stacks have the same template
            if len({template.digest for template in self.live.values()}) > 1:
                raise
            return False

    def differences(self, candidate: StackTemplate) -> Iterator[tuple[str, str]]:
        """Yield each region whose stack a template would change, and what it would change."""
        for region, template in self.live.items():
            if template.digest != candidate.digest:
                difference = difference_from(self.clients, self._request(region, template, candidate))
                if difference is not None:
                    yield region, difference

    def _request(self, region: str, now: StackTemplate, candidate: StackTemplate) -> StackRequest:
        body = candidate.body_for(self.assets.bucket_name(region))
        is_large = size_of(body) > MAX_BODY_BYTES
        return StackRequest(
            region=region,
            stack_name=self.stack.stack_name,
            body=body,
            url=self.assets.put_template(region, body) if is_large else None,
            parameters={},
            keeps=tuple(self._kept(region, now, candidate)),
            capabilities=cast("tuple[CapabilityType, ...]", self.settings.capabilities),
        )

    def _kept(self, region: str, now: StackTemplate, candidate: StackTemplate) -> Iterator[str]:
        """Yield the parameters whose values a deployment of the candidate would leave as they are."""
        stack = find_stack(self.clients, region, self.stack.stack_name)
        steps = (name for step in self.project.steps for name in step.parameters)
        environment = self.deployment.environment
        more = () if environment is None else environment.parameters
        given = {*self.settings.parameters, *self.project.parameters, *more, *steps}
        for name in () if stack is None else stack.parameters:
            declared = candidate.parameters.get(name)
            # a parameter that nobody gives a value follows its default
            follows = name not in given and isinstance(declared, dict) and "Default" in declared
            if declared is not None and not (follows and declared != now.parameters.get(name)):
                yield name


def _of_stack(clients: Clients, region: str, name: str) -> StackTemplate:
    with translate_errors(f"template of stack {name!r} in {region}"):
        found: object = clients.cloudformation(region).get_template(StackName=name)["TemplateBody"]
    # the stubs say text; boto3 parses a JSON template
    content = without_bucket(_parsed(found) if isinstance(found, str) else found)
    body = found if isinstance(found, str) else minified(found)
    return StackTemplate(body=body, content=content, digest=digest_of(content))


def _parsed(text: str) -> object:
    try:
        return parse_template(text).body
    except TemplateError:
        return text  # nothing that we can read: its text is all that is compared


def _of_project(stack: StackSettings) -> StackTemplate | None:
    try:
        template = template_of(stack)
    except UsageError:
        return None  # reading the outputs needs no template here
    return StackTemplate(body=template.body, content=template.content, digest=template.digest)
