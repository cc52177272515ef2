"""AWS::SNS::Topic, AWS::SNS::TopicPolicy and AWS::SNS::Subscription."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    TAKEN,
    ApiCall,
    Each,
    Json,
    ResourceType,
    Setting,
    Subject,
    answer,
    item,
    made,
    prop,
    request,
    steps,
    tag_list,
    tagging,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Generator

ARN = "arn:aws:sns:{region}:{account}:{name}"
SUBSCRIBE = request(
    "Subscribe", TopicArn=ID, Protocol=item("Protocol"), Endpoint=item("Endpoint"), ReturnSubscriptionArn=True
)
OWNERS = (
    "SNS:GetTopicAttributes SNS:SetTopicAttributes SNS:AddPermission SNS:RemovePermission SNS:DeleteTopic "
    "SNS:Subscribe SNS:ListSubscriptionsByTopic SNS:Publish"
)


def _attribute(name: str, default: object) -> Setting:
    value = prop(name, default)
    put = request("SetTopicAttributes", TopicArn=ID, AttributeName=name, AttributeValue=value)
    return Setting(put=put, at_creation=False)


def _subscriptions(topic: Subject) -> Generator[ApiCall, Json, None]:
    """Subscribe those that are new and unsubscribe those that are gone; others' subscriptions stay."""
    former, listed = _listed(topic.before or {}), _listed(topic.properties)
    for key in listed:
        if key not in former:
            yield SUBSCRIBE.call(replace(topic, item=dict(zip(("Protocol", "Endpoint"), key, strict=True))))
    gone = [key for key in former if key not in listed]
    found = (yield request("ListSubscriptionsByTopic", TopicArn=ID).call(topic)) if gone else {}
    for each in found.get("Subscriptions", ()):
        if (each["Protocol"], each["Endpoint"]) in gone and each["SubscriptionArn"].startswith("arn:"):
            subscription = replace(topic, item=each)
            yield request("Unsubscribe", SubscriptionArn=item("SubscriptionArn")).call(
                subscription, ends=True
            )


def _listed(properties: Json) -> list[tuple[str, str]]:
    return [(each["Protocol"], each["Endpoint"]) for each in properties.get("Subscription") or ()]


def _default_policy(topic: Subject) -> dict[str, Any]:
    """Return the policy that a topic has when nobody gave it one."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Effect": "Allow",
                "Sid": "__default_statement_ID",
                "Principal": {"AWS": "*"},
                "Action": OWNERS.split(),
                "Resource": topic.item,
                "Condition": {"StringEquals": {"AWS:SourceOwner": topic.account_id}},
            }
        ],
    }


TOPIC = ResourceType(
    name="AWS::SNS::Topic",
    service="sns",
    named_by="TopicName",
    limit=256,
    exists=request("GetTopicAttributes", TopicArn=text(ARN)),
    taken=TAKEN,
    create=request(
        "CreateTopic",
        Name=NAME,
        Attributes={
            name: prop(name)
            for name in ("ContentBasedDeduplication", "DisplayName", "FifoTopic", "KmsMasterKeyId")
        },
        Tags=tag_list(),
    ),
    settings=(
        _attribute("DisplayName", ""),
        _attribute("KmsMasterKeyId", ""),
        _attribute("ContentBasedDeduplication", "false"),
        steps(_subscriptions, "Subscription", sends="Subscribe ListSubscriptionsByTopic Unsubscribe"),
        tagging(
            request("TagResource", ResourceArn=ID, Tags=tag_list()),
            request("UntagResource", ResourceArn=ID),
            keys="TagKeys",
        ),
    ),
    delete=(request("DeleteTopic", TopicArn=ID),),
    ref=text(ARN),
    attributes={"TopicArn": ID, "TopicName": NAME},
    reads={
        ARN: "sns:GetTopicAttributes sns:ListTagsForResource sns:ListSubscriptionsByTopic "
        "sns:GetDataProtectionPolicy"
    },
)

_POLICY = Each(
    name="Topics",
    put=request(
        "SetTopicAttributes", TopicArn=item(), AttributeName="Policy", AttributeValue=prop("PolicyDocument")
    ),
    remove=request(
        "SetTopicAttributes", TopicArn=item(), AttributeName="Policy", AttributeValue=made(_default_policy)
    ),
)
TOPIC_POLICY = ResourceType(
    name="AWS::SNS::TopicPolicy",
    service="sns",
    settings=(_POLICY,),
    delete=(_POLICY,),
    attributes={"Id": NAME},
)


def _subscription_attribute(name: str, default: object) -> Setting:
    value = prop(name, default)
    return Setting(
        put=request("SetSubscriptionAttributes", SubscriptionArn=ID, AttributeName=name, AttributeValue=value)
    )


SUBSCRIPTION = ResourceType(
    name="AWS::SNS::Subscription",
    service="sns",
    create=request("Subscribe", "TopicArn Protocol Endpoint", ReturnSubscriptionArn=True),
    settings=(
        _subscription_attribute("FilterPolicy", {}),
        _subscription_attribute("FilterPolicyScope", "MessageAttributes"),
        _subscription_attribute("RawMessageDelivery", "false"),
    ),
    delete=(request("Unsubscribe", SubscriptionArn=ID),),
    ref=answer("SubscriptionArn"),
    attributes={"Arn": ID},
)

RESOURCE_TYPES = (TOPIC, TOPIC_POLICY, SUBSCRIPTION)
