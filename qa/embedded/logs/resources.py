"""AWS::Logs::LogGroup."""

from __future__ import annotations

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    TAKEN,
    ResourceType,
    Setting,
    request,
    tag_map,
    tagging,
    text,
)

ARN = "arn:aws:logs:{region}:{account}:log-group:{name}"

LOG_GROUP = ResourceType(
    name="AWS::Logs::LogGroup",
    service="logs",
    named_by="LogGroupName",
    limit=512,
    taken=TAKEN,
    create=request("CreateLogGroup", "KmsKeyId", logGroupName=NAME, tags=tag_map()),
    settings=(
        Setting(
            put=request("PutRetentionPolicy", "RetentionInDays", logGroupName=ID),
            remove=request("DeleteRetentionPolicy", logGroupName=ID),
        ),
        Setting(
            put=request("AssociateKmsKey", "KmsKeyId", logGroupName=ID),
            remove=request("DisassociateKmsKey", logGroupName=ID),
            at_creation=False,
        ),
        tagging(
            request("TagResource", resourceArn=text(ARN), tags=tag_map()),
            request("UntagResource", resourceArn=text(ARN)),
            keys="tagKeys",
        ),
    ),
    delete=(request("DeleteLogGroup", logGroupName=ID),),
    # GetAtt's ARN ends with :* ; the API's own does not
    attributes={"Arn": text(f"{ARN}:*")},
    reads={
        f"{ARN}:log-stream:": "logs:GetDataProtectionPolicy logs:DescribeIndexPolicies",
        ARN: "logs:ListTagsForResource",
        "*": "logs:DescribeLogGroups logs:DescribeResourcePolicies",
    },
)

RESOURCE_TYPES = (LOG_GROUP,)
