"""AWS::SSM::Parameter."""

from __future__ import annotations

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ResourceType,
    Setting,
    answer,
    made,
    request,
    tag_list,
    tagging,
)

from .names import arn_of

SAME = "Type Value Description AllowedPattern Tier Policies DataType"

PARAMETER = ResourceType(
    name="AWS::SSM::Parameter",
    service="ssm",
    named_by="Name",
    prefix="CFN",
    create=request("PutParameter", SAME, Name=NAME, Tags=tag_list()),
    settings=(
        Setting(put=request("PutParameter", SAME, Name=ID, Overwrite=True), at_creation=False),
        tagging(
            request("AddTagsToResource", ResourceType="Parameter", ResourceId=ID, Tags=tag_list()),
            request("RemoveTagsFromResource", ResourceType="Parameter", ResourceId=ID),
            keys="TagKeys",
        ),
    ),
    read=request("GetParameters", Names=[ID]),
    delete=(request("DeleteParameter", Name=ID),),
    attributes={
        "Arn": made(lambda parameter: arn_of(parameter.region, parameter.account_id, parameter.name)),
        "Type": answer("Parameters.0.Type"),
        "Value": answer("Parameters.0.Value"),
    },
)

RESOURCE_TYPES = (PARAMETER,)
