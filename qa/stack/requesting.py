"""What is asked of CloudFormation for one stack in one region: template, parameters, tags, protection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from botocore.exceptions import ClientError

from .aws_errors import code_of, translate_errors
from .changeset import StackRequest
from .events import DeployError
from .live import find_stack
from .progress import Notice
from .project import EnvironmentVariable, OutputOf, StackOutput
from .target import TargetKind
from .template_file import MAX_BODY_BYTES, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation.literals import CapabilityType

    from .assets import Assets
    from .clients import Clients
    from .live import LiveStack
    from .preparation import Prepared
    from .progress import Tell
    from .project import Deployment, ParameterValue, Place

NOT_MODELLED = frozenset({"UnsupportedOperation", "NotImplemented"})
"""What servers that are not AWS answer to what they do not have."""


@dataclass(frozen=True, slots=True)
class Requesting:
    """The requests of one deployment."""

    deployment: Deployment
    clients: Clients
    stacks: Mapping[str, Prepared] = field(kw_only=True)
    accounts: Mapping[str, str] = field(kw_only=True)
    """By region."""
    assets: Assets = field(kw_only=True)

    def of(self, place: Place, more: Mapping[str, ParameterValue] | None = None) -> StackRequest:
        """Return the request for a stack in a region, with the parameters of a step over its own."""
        stack = self.stacks[place.name]
        for package in stack.template.packages:
            self.assets.put_code(place.region, package)
        body = stack.template.body_for(self.assets.bucket_name(place.region))
        url = None
        if size_of(body) > MAX_BODY_BYTES:
            url = self.assets.put_template(place.region, body)
        tags = stack.settings.tags
        return StackRequest(
            region=place.region,
            stack_name=place.stack_name,
            body=body if url is None else None,
            url=url,
            parameters={
                name: self._value(value, place)
                for name, value in {**stack.parameters, **(more or {})}.items()
            },
            capabilities=cast("tuple[CapabilityType, ...]", stack.settings.capabilities),
            service_role=self._service_role(place.region),
            tags=None if tags is None else {name: self._filled(text, place) for name, text in tags.items()},
        )

    def protect(self, place: Place, stack: LiveStack, tell: Tell) -> None:
        """Set termination protection and stack policy as the settings have them."""
        settings, policy = self.stacks[place.name].settings, self.stacks[place.name].policy
        cloudformation = self.clients.cloudformation(place.region)
        with translate_errors(f"protection of stack {place.stack_name!r} in {place.region}"):
            if settings.termination_protection not in {None, stack.is_protected}:
                cloudformation.update_termination_protection(
                    StackName=place.stack_name,
                    EnableTerminationProtection=bool(settings.termination_protection),
                )
            if policy is None:
                return
            try:
                cloudformation.set_stack_policy(StackName=place.stack_name, StackPolicyBody=policy)
            except ClientError as error:
                if code_of(error) not in NOT_MODELLED:
                    raise
                tell(
                    Notice(
                        text=f"{place.region}: no stack policy at this target; {place.stack_name} has none"
                    )
                )

    def _service_role(self, region: str) -> str | None:
        if self.clients.target.kind is TargetKind.EMBEDDED:
            return None  # the run's own: it has the caller's account, and no role of yours
        return self.deployment.service_role(region)

    def _filled(self, text: str, place: Place) -> str:
        return self.deployment.fill_in(text, region=place.region, account=self.accounts[place.region])

    def _value(self, value: ParameterValue, place: Place) -> str:
        match value:
            case str():
                return self._filled(value, place)
            case EnvironmentVariable():
                return self.deployment.variables[value.name]
            case OutputOf():
                region = self.deployment.regions.of(value.of)
                return self._output(value.output, self.deployment.place(place.name, region))
            case StackOutput():
                return self._output(value.output, self._place_of(value, place))

    def _place_of(self, value: StackOutput, place: Place) -> Place:
        regions = self.stacks[value.of].settings.regions
        region = value.region or (place.region if place.region in regions else regions[0])
        return self.deployment.place(value.of, region)

    def _output(self, output: str, place: Place) -> str:
        stack = find_stack(self.clients, place.region, place.stack_name)
        outputs = {} if stack is None else stack.outputs
        if output not in outputs:
            raise DeployError(
                f"a deploy step needs output {output!r} of stack {place.stack_name!r} in {place.region}, "
                f"which has: {', '.join(sorted(outputs)) or 'none'}. Fix [tool.qa.deploy] or the template."
            )
        return outputs[output]
