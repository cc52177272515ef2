"""Every refusal of a template or request, by its full text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .templates import group, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws

PARAMETER = {
    "Parameters": {
        "Stage": {"Type": "String", "AllowedValues": ["dev", "prod"], "Default": "dev"},
        "Short": {"Type": "String", "MinLength": 2, "MaxLength": 4, "Default": "abc"},
        "Lower": {"Type": "String", "AllowedPattern": "[a-z]+", "Default": "a"},
        "Told": {
            "Type": "String",
            "AllowedPattern": "[a-z]+",
            "Default": "a",
            "ConstraintDescription": "lower case only",
        },
        "Count": {"Type": "Number", "MinValue": 1, "MaxValue": 9, "Default": 5},
    }
}


def refusal(aws: Aws, body: object, **others: Any) -> tuple[str, str]:
    """Return the code and message of a CreateStack that is refused, and leaves no stack."""
    text = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").create_stack(StackName="demo", TemplateBody=text, **others)
    assert aws.client("cloudformation").list_stacks()["StackSummaries"] == []
    error = raised.value.response["Error"]
    return error["Code"], error["Message"]


def message(aws: Aws, body: object, **others: Any) -> str:
    code, text = refusal(aws, body, **others)
    assert code == "ValidationError"
    return text


def given(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            '{"Resources": }',
            "Template format error: JSON not well-formed. (line 1, column 15)",
            id="JSON that ends too early",
        ),
        pytest.param(
            "Resources: [",
            "Template format error: YAML not well-formed. (line 1, column 13)",
            id="YAML that ends too early",
        ),
        pytest.param("nothing", "Template format error: unsupported structure.", id="a word"),
        pytest.param(
            {"Description": "empty"},
            "Template format error: At least one Resources member must be defined.",
            id="no resources",
        ),
        pytest.param(
            template({"A": topic()}, Resource={}, Output={}),
            "Invalid template property or properties [Resource, Output]",
            id="unknown sections",
        ),
        pytest.param(
            template({"A": {"Properties": {}}}),
            "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
            id="a resource without a type",
        ),
        pytest.param(
            template({"A": {**topic(), "Tags": []}}),
            "Invalid template resource property 'Tags'",
            id="a property beside Properties",
        ),
        pytest.param(
            template({"A-B": topic()}),
            "Template format error: Resource name A-B is non alphanumeric.",
            id="a hyphen in a logical ID",
        ),
        pytest.param(
            template({"A": {"Type": "AWS::Foo::Bar"}, "B": {"Type": "AWS::Foo::Alpha"}}),
            "Template format error: Unrecognized resource types: [AWS::Foo::Alpha, AWS::Foo::Bar]",
            id="types that nobody has",
        ),
        pytest.param(
            template({"A": topic(DisplayName={"Ref": "Nobody"})}),
            "Template format error: Unresolved resource dependencies [Nobody] "
            "in the Resources block of the template",
            id="a Ref to nothing",
        ),
        pytest.param(
            template({"A": topic(DisplayName={"Fn::Sub": "x-${Nobody}-${!Literal}"})}),
            "Template format error: Unresolved resource dependencies [Nobody] "
            "in the Resources block of the template",
            id="a variable of nothing",
        ),
        pytest.param(
            template({"A": {**topic(), "DependsOn": "Nobody"}}),
            "Template format error: Unresolved resource dependencies [Nobody] "
            "in the Resources block of the template",
            id="a DependsOn on nothing",
        ),
        pytest.param(
            template({"A": topic(DisplayName={"Fn::GetAtt": ["Nobody", "Arn"]})}),
            "Template error: instance of Fn::GetAtt references undefined resource Nobody",
            id="a GetAtt of nothing",
        ),
        pytest.param(
            template({"A": topic(), "B": group(LogGroupName={"Fn::GetAtt": ["A", "Arn"]})}),
            "Template error: resource A does not support attribute type Arn in Fn::GetAtt",
            id="an attribute that the type has not",
        ),
        pytest.param(
            template({"A": topic()}, Outputs={"O": {"Value": {"Ref": "Nobody"}}}),
            "Template format error: Unresolved resource dependencies [Nobody] "
            "in the Outputs block of the template",
            id="an output of nothing",
        ),
        pytest.param(
            template({"A": {**topic(), "Condition": "Never"}}),
            "Template format error: Unresolved condition dependency Never "
            "in the Resources block of the template",
            id="an undefined condition",
        ),
        pytest.param(
            template({"A": topic(DisplayName={"Fn::If": ["Never", "a", "b"]})}),
            "Template error: unresolved condition dependency Never in Fn::If",
            id="an undefined condition of an If",
        ),
        pytest.param(
            template({"A": topic(DisplayName=None)}),
            "[/Resources/A/Properties/DisplayName] 'null' values are not allowed in templates",
            id="a null",
        ),
        pytest.param(
            template({"A": topic()}, Conditions={"C": {"Condition": "D"}, "D": {"Condition": "C"}}),
            "Circular dependency between conditions: [C, D]",
            id="a circle of conditions",
        ),
        pytest.param(
            template({"A": topic()}, Outputs={"O": {"Value": "x", "Export": {"Name": {"Ref": "Nobody"}}}}),
            "Template format error: Unresolved resource dependencies [Nobody] "
            "in the Outputs block of the template",
            id="an export named after nothing",
        ),
        pytest.param(
            template({"A": topic()}, Conditions={"C": {"Fn::Equals": [{"Ref": "A"}, "a"]}}),
            "Template format error: Unresolved dependencies [A]. "
            "Cannot reference resources in the Conditions block of the template",
            id="a condition on a resource",
        ),
        pytest.param(
            template(
                {
                    "A": topic(DisplayName={"Ref": "B"}),
                    "B": topic(DisplayName={"Fn::GetAtt": "A.TopicName"}),
                    "C": {**topic(), "DependsOn": ["B"]},
                    "D": topic(),
                }
            ),
            "Circular dependency between resources: [A, B, C]",
            id="a circle, with what lies behind it",
        ),
    ],
)
def test_a_template_that_cannot_be_is_refused(aws: Aws, body: object, expected: str) -> None:
    assert message(aws, body) == expected


def test_a_reference_to_a_resource_whose_condition_is_false_here_is_refused(aws: Aws) -> None:
    body = template(
        {
            "Elsewhere": {**topic(), "Condition": "InWest"},
            "Here": topic(DisplayName={"Ref": "Elsewhere"}),
        },
        Conditions={"InWest": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-west-2"]}},
    )

    assert message(aws, body) == (
        "Template format error: Unresolved resource dependencies [Elsewhere] "
        "in the Resources block of the template"
    )


def test_a_body_of_more_than_51200_bytes_is_refused(aws: Aws) -> None:
    body = json.dumps(template({"A": topic(DisplayName="x" * 51_200)}))

    assert message(aws, body) == (
        f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: "
        "Member must have length less than or equal to 51200"
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Stage": "test"}, "Parameter 'Stage' must be one of AllowedValues"),
        ({"Short": "a"}, "Parameter 'Short' must contain at least 2 characters"),
        ({"Short": "abcde"}, "Parameter 'Short' must contain at most 4 characters"),
        ({"Lower": "A"}, "Parameter 'Lower' must match pattern [a-z]+"),
        ({"Told": "A"}, "Parameter Told failed to satisfy constraint: lower case only"),
        ({"Count": "x"}, "Parameter 'Count' must be a number"),
        ({"Count": "0"}, "Parameter 'Count' must be a number not less than 1"),
        ({"Count": "10"}, "Parameter 'Count' must be a number not greater than 9"),
        ({"Other": "a", "More": "b"}, "Parameters: [Other, More] do not exist in the template"),
    ],
)
def test_a_parameter_that_breaks_its_constraint_is_refused(
    aws: Aws, values: dict[str, str], expected: str
) -> None:
    assert message(aws, template({"A": topic()}, **PARAMETER), Parameters=given(**values)) == expected


def test_a_parameter_without_a_value_is_refused(aws: Aws) -> None:
    body = template({"A": topic()}, Parameters={"One": {"Type": "String"}, "Two": {"Type": "Number"}})

    assert message(aws, body) == "Parameters: [One, Two] must have values"


def test_a_rule_that_does_not_hold_refuses_the_stack(aws: Aws) -> None:
    rules = {
        "Regions": {
            "RuleCondition": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
            "Assertions": [
                {
                    "Assert": {"Fn::Contains": [["us-west-2"], {"Ref": "AWS::Region"}]},
                    "AssertDescription": "West only",
                }
            ],
        }
    }

    assert message(aws, template({"A": topic()}, Rules=rules)) == (
        "Template error: Rules [Regions] failed: West only"
    )


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        pytest.param(template({"R": role()}), "CAPABILITY_IAM", id="a role"),
        pytest.param(template({"R": role(RoleName="fixed")}), "CAPABILITY_NAMED_IAM", id="a named role"),
    ],
)
def test_permissions_need_a_capability(aws: Aws, body: object, needed: str) -> None:
    assert refusal(aws, body) == (
        "InsufficientCapabilitiesException",
        f"Requires capabilities : [{needed}]",
    )


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param(
            template({"Vpc": {"Type": "AWS::EC2::VPC"}}), "`AWS::EC2::VPC` at `Resources/Vpc`", id="a type"
        ),
        pytest.param(
            template({"A": topic(TracingConfig="Active")}),
            "property TracingConfig of `AWS::SNS::Topic` at `Resources/A`",
            id="a property",
        ),
        pytest.param(
            template({"A": topic(DisplayName={"Fn::Cidr": ["10.0.0.0/8", 1, 8]})}),
            "Fn::Cidr at `Resources/A/Properties/DisplayName`",
            id="a function",
        ),
        pytest.param(
            template({"A": topic()}, Transform="AWS::LanguageExtensions"),
            "the section Transform",
            id="a transform",
        ),
        pytest.param(
            template({"A": {**topic(), "DeletionPolicy": "Snapshot"}}),
            "DeletionPolicy Snapshot at `Resources/A`",
            id="a snapshot",
        ),
        pytest.param(
            template({"A": topic()}, Parameters={"P": {"Type": "AWS::EC2::VPC::Id", "Default": "vpc-1"}}),
            "parameter type AWS::EC2::VPC::Id at `Parameters/P`",
            id="a parameter type",
        ),
        pytest.param(
            template({"A": {**topic(), "Properties": {"DisplayName": "{{resolve:secretsmanager:db}}"}}}),
            "dynamic references to secretsmanager at `Resources/A/Properties/DisplayName`",
            id="a dynamic reference",
        ),
        pytest.param(
            template({"A": topic()}, Outputs={"O": {"Value": "{{resolve:secretsmanager:db}}"}}),
            "a dynamic reference outside of properties, at `Outputs/O/Value`",
            id="a dynamic reference in an output",
        ),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(aws: Aws, body: object, what: str) -> None:
    assert refusal(aws, body) == ("UnsupportedOperation", f"no support for {what} in the embedded AWS")


NEVER = {"Never": {"Fn::Equals": ["a", "b"]}}


def test_everything_that_is_not_modelled_is_refused_in_one_list(aws: Aws) -> None:
    index = {
        "IndexName": "i",
        "KeySchema": [],
        "Projection": {},
        "OnDemandThroughput": {"MaxReadRequestUnits": 1},
    }
    table = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "SSESpecification": {"SSEEnabled": True, "SSEType": {"Ref": "AWS::Region"}},
        "StreamSpecification": {"StreamViewType": "KEYS_ONLY", "ResourcePolicy": {"PolicyDocument": {}}},
        "GlobalSecondaryIndexes": [index],
    }
    body = template(
        {
            "Vpc": {"Type": "AWS::EC2::VPC"},
            "A": topic(TracingConfig="Active", DisplayName={"Fn::Cidr": ["10.0.0.0/8", 1, 8]}),
            "G": {**group(LogGroupClass="INFREQUENT_ACCESS"), "UpdatePolicy": {}},
            "T": {"Type": "AWS::DynamoDB::Table", "Properties": table},
            "B": {"Type": "AWS::S3::Bucket"},
        },
        Outputs={"Site": {"Value": {"Fn::GetAtt": ["B", "WebsiteURL"]}}},
    )

    code, message = refusal(aws, body)

    assert code == "UnsupportedOperation"
    assert message == (
        "no support for `AWS::EC2::VPC` at `Resources/Vpc`; "
        "Fn::Cidr at `Resources/A/Properties/DisplayName`; "
        "property TracingConfig of `AWS::SNS::Topic` at `Resources/A`; "
        "UpdatePolicy at `Resources/G`; "
        "property LogGroupClass of `AWS::Logs::LogGroup` at `Resources/G`; "
        "property StreamSpecification.ResourcePolicy of `AWS::DynamoDB::Table` at `Resources/T`; "
        "GlobalSecondaryIndexes.OnDemandThroughput of dynamodb:CreateTable as requested "
        "(no request is throttled for it) at `Resources/T`; "
        "attribute WebsiteURL of `AWS::S3::Bucket` at `Resources/B` in the embedded AWS"
    )


def test_what_a_condition_leaves_out_here_is_not_refused(aws: Aws) -> None:
    stack = aws.create(
        template(
            {
                "Vpc": {"Type": "AWS::EC2::VPC", "Condition": "Never"},
                "A": topic(TracingConfig={"Fn::If": ["Never", "Active", {"Ref": "AWS::NoValue"}]}),
            },
            Conditions=NEVER,
            Outputs={"Vpc": {"Value": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "Condition": "Never"}},
        )
    )

    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_a_request_parameter_that_is_not_modelled_is_refused_by_name(aws: Aws) -> None:
    reported = refusal(aws, template({"A": topic()}), RoleARN="arn:aws:iam::123456789012:role/deployer")

    assert reported == (
        "UnsupportedOperation",
        "no support for parameter RoleARN of CreateStack in the embedded AWS",
    )


def test_an_operation_that_is_not_modelled_is_refused_by_name(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").detect_stack_drift(StackName="demo")

    assert raised.value.response["Error"]["Message"] == (
        "no support for operation DetectStackDrift of CloudFormation in the embedded AWS"
    )
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_validate_template_refuses_without_knowing_the_parameters(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").validate_template(
            TemplateBody=json.dumps(template({"A": topic(DisplayName={"Ref": "A"})}))
        )

    assert raised.value.response["Error"]["Message"] == "Circular dependency between resources: [A]"


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (
            "secretsmanager:db}}",
            "no support for the dynamic reference {{resolve:secretsmanager:db}} in the embedded AWS",
        ),
        ("ssm}}", "Template error: a dynamic reference is not complete: {{resolve:ssm}}"),
    ],
    ids=["unknown", "incomplete"],
)
def test_a_dynamic_reference_that_a_function_makes_fails_the_resource(
    aws: Aws, rest: str, reason: str
) -> None:
    made = {"Fn::Join": ["", ["{{resolve:", rest]]}

    stack = aws.create(template({"A": {**topic(), "Properties": {"DisplayName": made}}}))

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ("A", "CREATE_FAILED", reason) in aws.events()


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/service-role/Nobodys",
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/Nobodys"},
    ],
    ids=["text", "function"],
)
def test_a_policy_of_aws_that_is_not_known_is_refused_before_anything_is_made(aws: Aws, arn: object) -> None:
    body = template({"Topic": topic(), "Role": role(ManagedPolicyArns=[arn])})

    told = refusal(aws, body, Capabilities=["CAPABILITY_IAM"])

    assert told == (
        "UnsupportedOperation",
        (
            "no support for the AWS managed policy arn:aws:iam::aws:policy/service-role/Nobodys at "
            "`Resources/Role/Properties/ManagedPolicyArns` in the embedded AWS"
        ),
    )
