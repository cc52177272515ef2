"""AWS::SQS::Queue and AWS::SQS::QueuePolicy."""

from __future__ import annotations

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    TAKEN,
    Each,
    ResourceType,
    Setting,
    answer,
    item,
    prop,
    request,
    tag_map,
    tagging,
    text,
)

ARN = "arn:aws:sqs:{region}:{account}:{name}"
FIXED = {"FifoQueue": prop("FifoQueue")}
# What an attribute is when the template does not say.
ATTRIBUTES = {
    "ContentBasedDeduplication": prop("ContentBasedDeduplication"),
    "DelaySeconds": prop("DelaySeconds", 0),
    "KmsDataKeyReusePeriodSeconds": prop("KmsDataKeyReusePeriodSeconds", 300),
    "KmsMasterKeyId": prop("KmsMasterKeyId", ""),
    "MaximumMessageSize": prop("MaximumMessageSize", 262_144),
    "MessageRetentionPeriod": prop("MessageRetentionPeriod", 345_600),
    "ReceiveMessageWaitTimeSeconds": prop("ReceiveMessageWaitTimeSeconds", 0),
    "RedrivePolicy": prop("RedrivePolicy", ""),
    "SqsManagedSseEnabled": prop("SqsManagedSseEnabled"),
    "VisibilityTimeout": prop("VisibilityTimeout", 30),
}
GIVEN = {name: prop(name) for name in ATTRIBUTES}

QUEUE = ResourceType(
    name="AWS::SQS::Queue",
    service="sqs",
    named_by="QueueName",
    limit=80,
    exists=request("GetQueueUrl", QueueName=NAME),
    taken=TAKEN,
    create=request("CreateQueue", QueueName=NAME, Attributes={**FIXED, **GIVEN}, tags=tag_map()),
    settings=(
        Setting(put=request("SetQueueAttributes", QueueUrl=ID, Attributes=ATTRIBUTES), at_creation=False),
        tagging(
            request("TagQueue", QueueUrl=ID, Tags=tag_map()),
            request("UntagQueue", QueueUrl=ID),
            keys="TagKeys",
        ),
    ),
    delete=(request("DeleteQueue", QueueUrl=ID),),
    ref=answer("QueueUrl"),
    attributes={"Arn": text(ARN), "QueueName": NAME, "QueueUrl": ID},
    reads={ARN: "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ListQueueTags"},
)

_POLICY = Each(
    name="Queues",
    put=request("SetQueueAttributes", QueueUrl=item(), Attributes={"Policy": prop("PolicyDocument")}),
    remove=request("SetQueueAttributes", QueueUrl=item(), Attributes={"Policy": ""}),
)
QUEUE_POLICY = ResourceType(
    name="AWS::SQS::QueuePolicy",
    service="sqs",
    settings=(_POLICY,),
    delete=(_POLICY,),
    attributes={"Id": NAME},
)

RESOURCE_TYPES = (QUEUE, QUEUE_POLICY)
