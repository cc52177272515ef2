"""A template that has every intrinsic function and pseudo parameter the embedded AWS knows, nested too."""

from __future__ import annotations

from typing import Any

PARAMETERS: dict[str, Any] = {
    "Stage": {"Type": "String", "Default": "dev"},
    "Empty": {"Type": "String", "Default": ""},
    "Count": {"Type": "Number", "Default": 3},
    "Names": {"Type": "CommaDelimitedList", "Default": "ada,grace,mary"},
    "Ports": {"Type": "List<Number>", "Default": "80,443"},
}
MAPPINGS: dict[str, Any] = {
    "Places": {
        "us-east-1": {"side": "primary", "zones": ["1a", "1b"]},
        "us-west-2": {"side": "secondary", "zones": ["2a"]},
    }
}
CONDITIONS: dict[str, Any] = {
    "IsEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
    "IsWest": {"Fn::Not": [{"Condition": "IsEast"}]},
    "IsDevEast": {"Fn::And": [{"Condition": "IsEast"}, {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}]},
    "IsEither": {"Fn::Or": [{"Condition": "IsEast"}, {"Condition": "IsWest"}]},
    "IsAlias": {"Condition": "IsWest"},
    "IsThree": {"Fn::Equals": [{"Ref": "Count"}, "3"]},
    "IsPrimary": {
        "Fn::Equals": [{"Fn::FindInMap": ["Places", {"Ref": "AWS::Region"}, "side"]}, {"Fn::Sub": "primary"}]
    },
}
RESOURCES: dict[str, Any] = {
    "Topic": {
        "Type": "AWS::SNS::Topic",
        "Properties": {
            "TopicName": {
                "Fn::Join": ["-", ["every", {"Ref": "Stage"}, {"Fn::Select": ["1", {"Ref": "Names"}]}]]
            },
            "DisplayName": {"Fn::If": ["IsEast", {"Ref": "AWS::NoValue"}, {"Fn::Sub": "in ${AWS::Region}"}]},
        },
    },
    "Group": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": {"Fn::Sub": "/of/${Topic.TopicName}"},
            "RetentionInDays": {"Fn::If": ["IsDevEast", 7, 30]},
        },
    },
    "EastOnly": {"Type": "AWS::SNS::Topic", "Condition": "IsEast", "Properties": {}},
    "WestOnly": {"Type": "AWS::SNS::Topic", "Condition": "IsAlias", "Properties": {}},
}
VALUES: dict[str, Any] = {
    "RefParameter": {"Ref": "Stage"},
    "RefNumber": {"Ref": "Count"},
    "RefResource": {"Ref": "Topic"},
    "GetAttList": {"Fn::GetAtt": ["Topic", "TopicName"]},
    "GetAttArn": {"Fn::GetAtt": ["Group", "Arn"]},
    "SubText": {"Fn::Sub": "plain"},
    "SubOfAll": {"Fn::Sub": "${Stage}/${AWS::AccountId}/${Topic}/${Topic.TopicName}/${Group.Arn}"},
    "SubLiteral": {"Fn::Sub": "${!Stage} is ${Stage}"},
    "SubWithItsOwn": {
        "Fn::Sub": [
            "${Stage}-${Own}-${Arn}",
            {"Own": {"Ref": "Count"}, "Arn": {"Fn::GetAtt": ["Group", "Arn"]}},
        ]
    },
    "SubOfJson": {"Fn::Sub": '{"stage": "${Stage}", "arn": "${Topic}"}'},
    "JoinEmpty": {"Fn::Join": ["", ["a", "", "b"]]},
    "JoinList": {"Fn::Join": ["+", {"Ref": "Names"}]},
    "JoinPorts": {"Fn::Join": [",", {"Ref": "Ports"}]},
    "JoinSplit": {"Fn::Join": ["|", {"Fn::Split": ["-", "a-b--c-"]}]},
    "JoinOfUnknown": {"Fn::Join": [":", ["arn", {"Ref": "Topic"}, {"Fn::GetAtt": ["Topic", "TopicName"]}]]},
    "SelectNumber": {"Fn::Select": [0, ["first", "second"]]},
    "SelectOfSplit": {"Fn::Select": ["2", {"Fn::Split": [",", "a,b,c"]}]},
    "SelectOfMap": {"Fn::Select": ["0", {"Fn::FindInMap": ["Places", {"Ref": "AWS::Region"}, "zones"]}]},
    "FindInMap": {"Fn::FindInMap": ["Places", {"Ref": "AWS::Region"}, "side"]},
    "Base64": {"Fn::Base64": {"Fn::Sub": "Zürich ${Stage} ✓"}},
    "If": {"Fn::If": ["IsWest", "west", {"Fn::If": ["IsDevEast", "east in dev", "east"]}]},
    "IfEither": {"Fn::If": ["IsEither", "yes", {"Ref": "Stage"}]},
    "IfNumber": {"Fn::If": ["IsThree", "three", "another"]},
    "IfPrimary": {"Fn::If": ["IsPrimary", "primary", "not"]},
    "Import": {"Fn::ImportValue": {"Fn::Sub": "${Stage}-shared"}},
    "ImportInSub": {"Fn::Sub": ["<${Shared}>", {"Shared": {"Fn::ImportValue": "dev-shared"}}]},
    "AccountId": {"Ref": "AWS::AccountId"},
    "Partition": {"Fn::Sub": "arn:${AWS::Partition}:iam"},
    "StackId": {"Ref": "AWS::StackId"},
    "StackName": {"Ref": "AWS::StackName"},
    "UrlSuffix": {"Ref": "AWS::URLSuffix"},
}
TEMPLATE: dict[str, Any] = {
    "Parameters": PARAMETERS,
    "Mappings": MAPPINGS,
    "Conditions": CONDITIONS,
    "Resources": RESOURCES,
    "Outputs": {
        **{name: {"Value": value} for name, value in VALUES.items()},
        "OfEastAlone": {"Condition": "IsEast", "Value": {"Ref": "EastOnly"}},
        "OfWestAlone": {"Condition": "IsAlias", "Value": {"Fn::Sub": "${WestOnly.TopicName}"}},
    },
}
SHARED: dict[str, Any] = {
    "Resources": {"Shared": {"Type": "AWS::SNS::Topic", "Properties": {}}},
    "Outputs": {"Shared": {"Value": {"Ref": "Shared"}, "Export": {"Name": "dev-shared"}}},
}
"""A stack whose export the other imports."""

ONE_SIDED: dict[str, Any] = {
    "Fn::Cidr": {"Fn::Join": [",", {"Fn::Cidr": ["10.0.0.0/24", 2, 5]}]},
    "Fn::GetAZs": {"Fn::Join": [",", {"Fn::GetAZs": ""}]},
    "Fn::Length": {"Fn::Length": ["a", "b"]},
    "Fn::ToJsonString": {"Fn::ToJsonString": {"a": 1}},
    "Fn::Transform": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}},
}
"""Functions that the embedded AWS does not model: it must refuse them, or stacks would hold their source."""


def functions_in(value: Any) -> frozenset[str]:
    """Return the intrinsic functions anywhere in a part of a template, Ref and Condition among them."""
    if isinstance(value, list):
        return frozenset().union(*map(functions_in, value))
    if not isinstance(value, dict):
        return frozenset()
    own = {key for key in value if key.startswith("Fn::") or (key == "Ref" and len(value) == 1)}
    return frozenset(own).union(*map(functions_in, value.values()))
