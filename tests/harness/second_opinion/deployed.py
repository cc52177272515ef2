"""What a stack says of itself, and what our reader says that a stack of its template must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.template import (
    Concatenation,
    ImportedValue,
    ResourceAttribute,
    ResourceRef,
    Unknown,
    evaluate,
    template_of,
)

from .attributes import attribute_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.stack.clients import Clients
    from qa.template import Evaluated


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A stack as CloudFormation tells it."""

    clients: Clients
    region: str
    stack_id: str
    stack_name: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]
    template: dict[str, Any]
    types: Mapping[str, str]
    """Logical ID → resource type."""
    physical_ids: Mapping[str, str]
    exports: Mapping[str, str]

    def evaluated(self) -> Evaluated:
        """Return our reading of the stack's template, with the stack's own parameters."""
        return evaluate(
            template_of(self.template, source="the stack's template"),
            region=self.region,
            parameters=self.parameters,
            account_id=self.stack_id.split(":")[4],
            stack_name=self.stack_name,
            stack_id=self.stack_id,
        )

    def filled(self, value: Any) -> Any:
        """Return an evaluated value with what AWS knows in the place of each unknown."""
        match value:
            case dict():
                return {key: self.filled(part) for key, part in value.items()}
            case list():
                return [self.filled(part) for part in value]
            case Concatenation():
                return "".join(self.filled(part) for part in value.parts)
            case Unknown():
                return self._meaning(value)
            case _:
                return value

    def _meaning(self, unknown: Unknown) -> str:
        match unknown:
            case ResourceRef(logical_id):
                return self.physical_ids[logical_id]
            case ResourceAttribute(logical_id, str(attribute)):
                reported = attribute_of(self.types[logical_id], attribute)
                return reported(self.clients, self.region, self.physical_ids[logical_id])
            case ImportedValue(str(name)):
                return self.exports[name]
            case _:
                raise LookupError(f"nothing of AWS says what {unknown} is")


def deployed(clients: Clients, region: str, stack_name: str) -> Deployed:
    """Return what a region's stack says of itself now."""
    client = clients.cloudformation(region)
    stack = client.describe_stacks(StackName=stack_name)["Stacks"][0]
    template: Any = client.get_template(StackName=stack_name, TemplateStage="Original")["TemplateBody"]
    resources = client.describe_stack_resources(StackName=stack_name)["StackResources"]
    return Deployed(
        clients=clients,
        region=region,
        stack_id=stack["StackId"],
        stack_name=stack_name,
        parameters={each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])},
        outputs={each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        template=template,
        types={each["LogicalResourceId"]: each["ResourceType"] for each in resources},
        physical_ids={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
        exports={each["Name"]: each["Value"] for each in client.list_exports()["Exports"]},
    )
