"""AWS::SNS::Topic and AWS::SNS::TopicPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.sns.models import SNSBackend, sns_backends

from .physical import Physical, already_exists, document, tag_map

if TYPE_CHECKING:
    from collections.abc import Mapping


class Topic(Physical, CloudFormationModel):
    """A topic with the subscriptions that its template lists."""

    attribute_names = frozenset({"TopicArn", "TopicName"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "ContentBasedDeduplication",
            "DisplayName",
            "FifoTopic",
            "KmsMasterKeyId",
            "Subscription",
            "Tags",
            "TopicName",
        }
    )

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "TopicName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::SNS::Topic"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Topic:
        """Create the topic and its subscriptions; leaves nothing behind when one is refused."""
        properties = cloudformation_json["Properties"]
        backend = sns_backends[account_id][region_name]
        arn = f"arn:aws:sns:{region_name}:{account_id}:{resource_name}"
        if arn in backend.topics:
            raise already_exists(cls.cloudformation_type(), arn)
        is_fifo = bool(properties.get("FifoTopic"))
        backend.create_topic(resource_name, {"FifoTopic": "true"} if is_fifo else {}).fifo_topic = is_fifo
        try:
            _set(backend, arn, properties)
        except Exception:
            _remove(backend, arn)
            raise
        return cls(arn, {"TopicArn": arn, "TopicName": resource_name})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Topic,
        new_resource_name: str,  # noqa: ARG003 - another name is a replacement
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Topic:
        """Change the topic in place; subscriptions made outside the stack stay."""
        backend = sns_backends[account_id][region_name]
        _set(backend, original_resource.physical_resource_id, cloudformation_json["Properties"])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the topic; one that is gone is no error."""
        _remove(sns_backends[account_id][region_name], resource_name)


class TopicPolicy(Physical, CloudFormationModel):
    """The policy of one or several topics; without it they have the default one."""

    attribute_names = frozenset({"Id"})
    supported_properties: ClassVar[frozenset[str]] = frozenset({"PolicyDocument", "Topics"})

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::SNS::TopicPolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> TopicPolicy:
        """Put the policy on its topics."""
        _put_policy(sns_backends[account_id][region_name], cloudformation_json["Properties"])
        policy = cls(resource_name, {"Id": resource_name})
        policy.topics = tuple(cloudformation_json["Properties"]["Topics"])
        return policy

    topics: tuple[str, ...] = ()

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: TopicPolicy,
        new_resource_name: str,  # noqa: ARG003 - the ID of a policy stays
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> TopicPolicy:
        """Put the new policy, and the default one on topics that are no longer named."""
        properties = cloudformation_json["Properties"]
        backend = sns_backends[account_id][region_name]
        _put_policy(backend, properties)
        _put_default(backend, [arn for arn in original_resource.topics if arn not in properties["Topics"]])
        original_resource.topics = tuple(properties["Topics"])
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        """Give the topics their default policy back."""
        _put_default(sns_backends[account_id][region_name], self.topics)


def _set(backend: SNSBackend, arn: str, properties: Mapping[str, Any]) -> None:
    topic = backend.get_topic(arn)
    topic.display_name = properties.get("DisplayName", "")
    topic.kms_master_key_id = properties.get("KmsMasterKeyId", "")
    topic.content_based_deduplication = bool(properties.get("ContentBasedDeduplication"))
    backend.untag_resource(arn, list(backend.list_tags_for_resource(arn)))
    backend.tag_resource(arn, tag_map(properties.get("Tags")))
    for one in properties.get("Subscription", ()):
        backend.subscribe(arn, one["Endpoint"], one["Protocol"])


def _remove(backend: SNSBackend, arn: str) -> None:
    if arn in backend.topics:
        backend.delete_topic(arn)


def _put_policy(backend: SNSBackend, properties: Mapping[str, Any]) -> None:
    for arn in properties["Topics"]:
        backend.get_topic(arn).policy = document(properties["PolicyDocument"])


def _put_default(backend: SNSBackend, arns: Any) -> None:
    for arn in arns:
        topic = backend.topics.get(arn)
        if topic is not None:
            topic._policy_json = topic._create_default_topic_policy(
                backend.region_name, backend.account_id, topic.name
            )
