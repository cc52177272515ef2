"""AWS::SQS::Queue and AWS::SQS::QueuePolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.sqs.models import SQSBackend, sqs_backends

from .physical import Physical, already_exists, document, tag_map, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What an attribute is when the template does not say.
DEFAULTS: Mapping[str, str] = {
    "DelaySeconds": "0",
    "MaximumMessageSize": "262144",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "VisibilityTimeout": "30",
}
OTHERS = ("ContentBasedDeduplication", "KmsMasterKeyId", "RedrivePolicy")


class Queue(Physical, CloudFormationModel):
    """A queue; its ID is its URL."""

    attribute_names = frozenset({"Arn", "QueueName", "QueueUrl"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"FifoQueue", "QueueName", "Tags", *DEFAULTS, *OTHERS}
    )

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "QueueName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::SQS::Queue"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Queue:
        """Create the queue."""
        properties = cloudformation_json["Properties"]
        backend = sqs_backends[account_id][region_name]
        if resource_name in backend.queues:
            raise already_exists(cls.cloudformation_type(), resource_name)
        fifo = {"FifoQueue": "true"} if properties.get("FifoQueue") else {}
        queue = backend.create_queue(
            resource_name, tag_map(properties.get("Tags")), **fifo, **_attributes(properties)
        )
        url = queue.physical_resource_id
        return cls(url, {"Arn": queue.queue_arn, "QueueName": resource_name, "QueueUrl": url})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Queue,
        new_resource_name: str,  # noqa: ARG003 - another name is a replacement
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Queue:
        """Change the attributes in place; the messages stay."""
        properties = cloudformation_json["Properties"]
        backend = sqs_backends[account_id][region_name]
        name = original_resource.get_cfn_attribute("QueueName")
        backend.set_queue_attributes(name, _attributes(properties))
        queue = backend.get_queue(name)
        queue.tags = tag_map(properties.get("Tags"))
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the queue; one that is gone is no error."""
        backend = sqs_backends[account_id][region_name]
        name = self.get_cfn_attribute("QueueName")
        if name in backend.queues:
            backend.delete_queue(name)


class QueuePolicy(Physical, CloudFormationModel):
    """The policy of one or several queues, named by their URLs."""

    attribute_names = frozenset({"Id"})
    supported_properties: ClassVar[frozenset[str]] = frozenset({"PolicyDocument", "Queues"})

    def __init__(self, physical_id: str, queues: Iterable[str]) -> None:
        super().__init__(physical_id, {"Id": physical_id})
        self.queues = tuple(queues)

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::SQS::QueuePolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> QueuePolicy:
        """Put the policy on its queues."""
        properties = cloudformation_json["Properties"]
        backend = sqs_backends[account_id][region_name]
        _put(backend, properties["Queues"], document(properties["PolicyDocument"]))
        return cls(resource_name, properties["Queues"])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: QueuePolicy,
        new_resource_name: str,  # noqa: ARG003 - the ID of a policy stays
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> QueuePolicy:
        """Put the new policy, and none on queues that are no longer named."""
        properties = cloudformation_json["Properties"]
        backend = sqs_backends[account_id][region_name]
        _put(backend, properties["Queues"], document(properties["PolicyDocument"]))
        _put(backend, [url for url in original_resource.queues if url not in properties["Queues"]], "")
        return cls(original_resource.physical_resource_id, properties["Queues"])

    def delete(self, account_id: str, region_name: str) -> None:
        """Take the policy from the queues that are still there."""
        backend = sqs_backends[account_id][region_name]
        _put(backend, [url for url in self.queues if url.rpartition("/")[2] in backend.queues], "")


def _attributes(properties: Mapping[str, Any]) -> dict[str, str]:
    set_here = {name: text(properties[name]) for name in OTHERS if name in properties}
    return {
        **DEFAULTS,
        **{name: text(properties[name]) for name in DEFAULTS if name in properties},
        **set_here,
    }


def _put(backend: SQSBackend, urls: Iterable[str], policy: str) -> None:
    for url in urls:
        backend.set_queue_attributes(url.rpartition("/")[2], {"Policy": policy})
