"""A small stack of two regions: a bucket in each, and a topic once both stand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.live import find_stack
from qa.stack.progress import Notice, OperationBegan, OperationEnded

if TYPE_CHECKING:
    from qa.stack import Clients, Deployment, Outputs, Project
    from qa.stack.progress import Progress

EAST, WEST = "us-east-1", "us-west-2"
SETTINGS = """
[tool.qa]
template = "stack.json"
stack-name-prefix = "Orders"
[tool.qa.regions]
primary = "us-east-1"
secondary = "us-west-2"
[tool.qa.deploy.parameters]
Suffix = "{suffix}"
[[tool.qa.deploy.step]]
region = "primary"
when = "fresh"
parameters = { Both = "false" }
[[tool.qa.deploy.step]]
region = "primary"
when = "both-exist"
parameters = { Both = "true" }
[[tool.qa.deploy.step]]
region = "secondary"
parameters = { Both = "true", Other = { output = "PrimaryBucket", of = "primary" } }
[[tool.qa.deploy.step]]
region = "primary"
when = "fresh"
parameters = { Both = "true" }
[tool.qa.destroy]
parameters = { Both = "false" }
buckets = ["PrimaryBucket", "SecondaryBucket"]
"""


def template(**more: Any) -> dict[str, Any]:
    """Return the template, with more resources by logical ID."""
    return {
        "Parameters": {
            "Suffix": {"Type": "String"},
            "Both": {"Type": "String", "AllowedValues": ["true", "false"]},
            "Other": {"Type": "String", "Default": ""},
        },
        "Conditions": {
            "IsEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, EAST]},
            "IsWest": {"Fn::Equals": [{"Ref": "AWS::Region"}, WEST]},
            "BothStand": {"Fn::Equals": [{"Ref": "Both"}, "true"]},
        },
        "Resources": {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketName": {"Fn::Sub": "orders-${AWS::Region}-${Suffix}"},
                    "VersioningConfiguration": {"Status": "Enabled"},
                },
            },
            "Topic": {
                "Type": "AWS::SNS::Topic",
                "Condition": "BothStand",
                "Properties": {"TopicName": {"Fn::Sub": "orders-${Suffix}"}},
            },
            **more,
        },
        "Outputs": {
            "PrimaryBucket": {"Condition": "IsEast", "Value": {"Ref": "Bucket"}},
            "SecondaryBucket": {"Condition": "IsWest", "Value": {"Ref": "Bucket"}},
            "Suffix": {"Value": {"Ref": "Suffix"}},
        },
    }


def bucket(name: str) -> dict[str, Any]:
    """Return a bucket resource whose name ends with the suffix."""
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": f"{name}-${{Suffix}}"}}}


@dataclass(slots=True, kw_only=True)
class Orders:
    """The project, one environment of it, and what the engine reported while it worked on it."""

    project: Project
    deployment: Deployment
    clients: Clients
    reported: list[Progress] = field(default_factory=list)

    def deploy(self) -> Outputs:
        """Deploy, and keep what is reported from here on."""
        self.reported.clear()
        path = self.project.root / "out" / "flat-outputs.json"
        return deploy(self.project, self.deployment, self.clients, outputs_to=path, tell=self.reported.append)

    def destroy(self) -> None:
        """Tear down, and keep what is reported from here on."""
        self.reported.clear()
        destroy(self.project, self.deployment, self.clients, tell=self.reported.append)

    def change(self, changed: object) -> None:
        """Write another template."""
        self.project.template.write_text(json.dumps(changed), encoding="utf-8")

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Verb and region of what was begun, in order."""
        return [(each.verb, each.region) for each in self.reported if isinstance(each, OperationBegan)]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """Region and outcome of what ended, in order."""
        return [(each.region, each.outcome) for each in self.reported if isinstance(each, OperationEnded)]

    @property
    def notices(self) -> list[str]:
        """What was reported besides."""
        return [each.text for each in self.reported if isinstance(each, Notice)]

    def status(self, region: str) -> str | None:
        """Return the stack's status now; None when there is none."""
        stack = find_stack(self.clients, region, self.deployment.stack_name)
        return None if stack is None else stack.status
