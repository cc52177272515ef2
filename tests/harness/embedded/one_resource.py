"""A stack of one resource, by which tests look at what a resource type makes of its properties."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class FailedError(AssertionError):
    """The resource failed, and the stack was rolled back; the text is the handler's message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneResource:
    """A stack with one resource named One; its outputs are the Ref and the attributes."""

    cloudformation: Any
    """A client."""
    kind: str
    attributes: tuple[str, ...] = ()
    name: str = "demo"

    def create(self, properties: Mapping[str, Any]) -> dict[str, str]:
        """Return the outputs of the new stack; raises FailedError."""
        self.cloudformation.create_stack(
            StackName=self.name, TemplateBody=self._body(properties), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return self._outputs()

    def update(self, properties: Mapping[str, Any]) -> dict[str, str]:
        """Return the outputs of the updated stack; raises FailedError."""
        self.cloudformation.update_stack(
            StackName=self.name, TemplateBody=self._body(properties), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return self._outputs()

    def delete(self) -> None:
        """Delete the stack; raises FailedError."""
        stack_id = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]["StackId"]
        self.cloudformation.delete_stack(StackName=self.name)
        if self.cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"] != (
            "DELETE_COMPLETE"
        ):
            raise FailedError(self._reason(stack_id))

    def _body(self, properties: Mapping[str, Any]) -> str:
        outputs: dict[str, Any] = {"Ref": {"Value": {"Ref": "One"}}}
        outputs |= {each: {"Value": {"Fn::GetAtt": ["One", each]}} for each in self.attributes}
        resource = {"Type": self.kind, "Properties": properties}
        return json.dumps({"Resources": {"One": resource}, "Outputs": outputs})

    def _outputs(self) -> dict[str, str]:
        stack = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise FailedError(self._reason(stack["StackId"]))
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def _reason(self, stack_id: str) -> str:
        events = self.cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
        reason = next(
            each["ResourceStatusReason"]
            for each in events
            if each["ResourceStatus"].endswith("_FAILED") and each["LogicalResourceId"] == "One"
        )
        found = re.fullmatch(r'Resource handler returned message: "(.*)" \(RequestToken: .*\)', reason)
        return found[1] if found else str(reason)
