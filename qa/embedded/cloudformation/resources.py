"""The types that CloudFormation itself takes, and that make nothing."""

from __future__ import annotations

from qa.embedded.service.resource_types import ResourceType

METADATA = ResourceType(name="AWS::CDK::Metadata", service="cloudformation", ignored=frozenset({"Analytics"}))

RESOURCE_TYPES = (METADATA,)
