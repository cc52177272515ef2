"""Each resource type: what its schema requires is taken, its attributes and parameters are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto.core.utils import get_service_model

from qa.embedded.cloudformation.registry import declared_types
from qa.embedded.cloudformation.schemas import schema_of
from qa.embedded.service.resource_types import Each, Request, Setting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.service.resource_types import ResourceType

TYPES = tuple(declared_types().values())
# beside the schema's attributes: what Fn::GetAtt gives of them on AWS, by the documentation of the types
DOCUMENTED = {"AWS::SNS::Topic": {"TopicName"}, "AWS::SQS::Queue": {"QueueName"}}


def requests_of(kind: ResourceType) -> Iterator[Request]:
    """Yield the requests that a type declares; those that a function makes up are not seen."""
    for each in (kind.create, kind.read, kind.exists, *kind.delete, *kind.settings):
        if isinstance(each, Request):
            yield each
        elif isinstance(each, Setting | Each):
            yield each.put
            if each.remove is not None:
                yield each.remove


each_type = pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)


@each_type
def test_what_is_required_is_honoured(kind: ResourceType) -> None:
    schema = schema_of(kind.name, "us-east-1")

    assert schema is not None
    assert set(schema.required) - kind.properties == set()


@each_type
def test_every_attribute_is_the_schemas_or_documented(kind: ResourceType) -> None:
    schema = schema_of(kind.name, "us-east-1")

    assert schema is not None
    assert set(kind.attributes) - schema.properties - DOCUMENTED.get(kind.name, set()) == set()


@each_type
def test_every_parameter_is_the_operations(kind: ResourceType) -> None:
    unknown = {
        (each.operation, name)
        for each in requests_of(kind)
        for name in each.parameters
        if name.lower() not in members(each.service or kind.service, each.operation)
    }

    assert unknown == set()


def members(service: str, operation: str) -> set[str]:
    shape = get_service_model(service).operation_model(operation).input_shape
    return set() if shape is None else {name.lower() for name in shape.members}
