"""Values of intrinsic functions as a stack's outputs tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .templates import template, topic

if TYPE_CHECKING:
    from .conftest import Aws

SECTIONS: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
        "Count": {"Type": "Number", "Default": 5},
    },
    "Mappings": {"Sizes": {"dev": {"Size": "small"}}},
    "Conditions": {
        "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
        "Same": {"Condition": "IsDev"},
        "Never": {"Fn::And": [{"Condition": "Same"}, {"Fn::Not": [{"Condition": "IsDev"}]}]},
        "IsFive": {"Fn::Equals": [{"Ref": "Count"}, "5"]},
    },
}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param({"Fn::Sub": "${Stage}-${!Stage}-${T.TopicName}"}, "dev-${Stage}-t", id="sub"),
        pytest.param(
            {"Fn::Sub": ["${Own}-${Stage}", {"Own": {"Ref": "Stage"}}]}, "dev-dev", id="sub with a map"
        ),
        pytest.param({"Fn::Join": ["-", {"Ref": "Zones"}]}, "a-b", id="join of a list parameter"),
        pytest.param(
            {"Fn::Join": ["-", ["a", {"Fn::If": ["Never", "b", {"Ref": "AWS::NoValue"}]}, "c"]]},
            "a-c",
            id="join without what has no value",
        ),
        pytest.param({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b"]}]}, "b", id="select and split"),
        pytest.param({"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Size"]}, "small", id="find in map"),
        pytest.param({"Fn::If": ["Same", "yes", "no"]}, "yes", id="a condition that is another one"),
        pytest.param({"Fn::If": ["Never", "yes", "no"]}, "no", id="and, not"),
        pytest.param({"Fn::If": ["IsFive", "yes", "no"]}, "yes", id="a number compared as text"),
        pytest.param({"Fn::Base64": "a"}, "YQ==", id="base64"),
        pytest.param(
            {"Fn::Sub": "${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::StackName}"},
            "aws us-east-1 123456789012 demo",
            id="pseudo parameters",
        ),
        pytest.param(
            {"Fn::GetAtt": "T.TopicArn"}, "arn:aws:sns:us-east-1:123456789012:t", id="dotted get att"
        ),
    ],
)
def test_a_function_has_its_value(aws: Aws, value: object, message: str) -> None:
    stack = aws.create(template({"T": topic(TopicName="t")}, **SECTIONS, Outputs={"O": {"Value": value}}))

    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": message}]
