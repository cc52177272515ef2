"""Functions that a stack owns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from .functions import Aws


def template(role_arn: str, source: str, **properties: Any) -> str:
    """Return a template of one inline function named Processor."""
    return json.dumps(
        {
            "Resources": {
                "Processor": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "Runtime": "nodejs22.x",
                        "Handler": "index.handler",
                        "Role": role_arn,
                        "Code": {"ZipFile": source},
                        **properties,
                    },
                }
            },
            "Outputs": {
                "Name": {"Value": {"Ref": "Processor"}},
                "Arn": {"Value": {"Fn::GetAtt": ["Processor", "Arn"]}},
            },
        }
    )


def deployed(aws: Aws, source: str, **properties: Any) -> str:
    """Create a stack of one inline function and return the function's name."""
    stack = f"qa-{uuid4().hex[:8]}"
    body = template(aws.role(), source, **properties)
    aws.client("cloudformation").create_stack(StackName=stack, TemplateBody=body)
    return outputs(aws, stack)["Name"]


def outputs(aws: Aws, stack: str) -> dict[str, str]:
    """Return the outputs of a stack."""
    found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}
