"""AWS::SNS::Subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.sns.models import SNSBackend, sns_backends

from .physical import Physical, text

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTRIBUTES = ("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery")


class Subscription(Physical, CloudFormationModel):
    """A subscription to a topic; its ID is its ARN."""

    attribute_names = frozenset({"Arn"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"Endpoint", "Protocol", "TopicArn", *ATTRIBUTES}
    )

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::SNS::Subscription"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,  # noqa: ARG003 - a subscription has no name
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Subscription:
        """Subscribe; leaves nothing behind when an attribute is refused."""
        properties = cloudformation_json["Properties"]
        backend = sns_backends[account_id][region_name]
        arn = backend.subscribe(
            properties["TopicArn"], properties.get("Endpoint", ""), properties["Protocol"]
        ).arn
        try:
            _set(backend, arn, properties, before={})
        except Exception:
            backend.unsubscribe(arn)
            raise
        return cls(arn, {"Arn": arn})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Subscription,
        new_resource_name: str,  # noqa: ARG003 - a subscription has no name
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Subscription:
        """Set the attributes; those that the template no longer has are emptied."""
        backend = sns_backends[account_id][region_name]
        arn = original_resource.physical_resource_id
        before = backend.get_subscription_attributes(arn)
        _set(backend, arn, cloudformation_json["Properties"], before=before)
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Unsubscribe; one that is gone is no error."""
        sns_backends[account_id][region_name].unsubscribe(resource_name)


def _set(backend: SNSBackend, arn: str, properties: Mapping[str, Any], *, before: Mapping[str, Any]) -> None:
    for name in ATTRIBUTES:
        if name in properties:
            backend.set_subscription_attributes(arn, name, text(properties[name]))
        elif before.get(name):
            empty = "false" if name == "RawMessageDelivery" else "{}"
            backend.set_subscription_attributes(arn, name, empty)
