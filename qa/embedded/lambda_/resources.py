"""AWS::Lambda::Function, AWS::Lambda::Version, AWS::Lambda::Alias and AWS::Lambda::Permission."""

from __future__ import annotations

from typing import Any

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ResourceType,
    Setting,
    Subject,
    Value,
    answer,
    made,
    prop,
    request,
    tag_map,
    tagging,
    text,
)

from .code import inline_package

ARN = "arn:aws:lambda:{region}:{account}:function:{name}"
# What an update sets when the template no longer says anything of it.
CONFIGURATION = {
    "Description": prop("Description", ""),
    "Environment": prop("Environment", {"Variables": {}}),
    "EphemeralStorage": prop("EphemeralStorage", {"Size": 512}),
    "Handler": prop("Handler"),
    "LoggingConfig": prop("LoggingConfig", {}),
    "MemorySize": prop("MemorySize", 128),
    "Runtime": prop("Runtime"),
    "Timeout": prop("Timeout", 3),
}


def _role_if_changed(function: Subject) -> Any:
    # who changes a function hands its role over only when it is another one
    return function.properties.get("Role") if function.differs({"Role"}) else None


def _code(function: Subject) -> dict[str, Any]:
    given = dict(function.properties["Code"])
    if "ZipFile" in given:
        given["ZipFile"] = inline_package(given["ZipFile"], function.properties.get("Runtime", ""))
    return given


def _part_of_code(name: str) -> Value:
    return made(lambda function: _code(function).get(name), "Code")


FUNCTION = ResourceType(
    name="AWS::Lambda::Function",
    service="lambda",
    named_by="FunctionName",
    limit=64,
    create=request(
        "CreateFunction",
        "Architectures PackageType Role",
        **CONFIGURATION,
        FunctionName=NAME,
        Code=made(_code, "Code"),
        Tags=tag_map(),
    ),
    settings=(
        Setting(
            put=request(
                "UpdateFunctionConfiguration",
                FunctionName=ID,
                **CONFIGURATION,
                Role=made(_role_if_changed, "Role"),
            ),
            at_creation=False,
        ),
        Setting(
            put=request(
                "UpdateFunctionCode",
                FunctionName=ID,
                Architectures=prop("Architectures", ["x86_64"]),
                **{name: _part_of_code(name) for name in ("ZipFile", "S3Bucket", "S3Key", "S3ObjectVersion")},
            ),
            at_creation=False,
        ),
        Setting(
            put=request("PutFunctionConcurrency", "ReservedConcurrentExecutions", FunctionName=ID),
            remove=request("DeleteFunctionConcurrency", FunctionName=ID),
        ),
        tagging(
            request("TagResource", Resource=text(ARN), Tags=tag_map()),
            request("UntagResource", Resource=text(ARN)),
            keys="TagKeys",
        ),
    ),
    delete=(request("DeleteFunction", FunctionName=ID),),
    parts={"Code": "ZipFile S3Bucket S3Key S3ObjectVersion"},
    attributes={"Arn": text(ARN)},
    reads={
        ARN: "lambda:GetFunction lambda:GetRuntimeManagementConfig lambda:GetFunctionCodeSigningConfig "
        "lambda:GetFunctionRecursionConfig"
    },
)


def _version(version: Subject) -> str:
    return version.physical_id.rpartition(":")[2]


VERSION = ResourceType(
    name="AWS::Lambda::Version",
    service="lambda",
    create=request("PublishVersion", "FunctionName Description"),
    delete=(request("DeleteFunction", "FunctionName", Qualifier=made(_version)),),
    ref=answer("FunctionArn"),
    attributes={"FunctionArn": ID, "Version": made(_version)},
)

ALIAS = ResourceType(
    name="AWS::Lambda::Alias",
    service="lambda",
    named_by="Name",
    create=request("CreateAlias", "FunctionName FunctionVersion Description", Name=NAME),
    settings=(
        Setting(
            put=request(
                "UpdateAlias", "FunctionName FunctionVersion", Name=NAME, Description=prop("Description", "")
            ),
            at_creation=False,
        ),
    ),
    delete=(request("DeleteAlias", "FunctionName", Name=NAME),),
    ref=answer("AliasArn"),
    attributes={"AliasArn": ID},
)

PERMISSION = ResourceType(
    name="AWS::Lambda::Permission",
    service="lambda",
    limit=100,
    create=request(
        "AddPermission", "FunctionName Action Principal SourceArn SourceAccount", StatementId=NAME
    ),
    delete=(request("RemovePermission", "FunctionName", StatementId=ID),),
    attributes={"Id": ID},
)

RESOURCE_TYPES = (FUNCTION, VERSION, ALIAS, PERMISSION)
