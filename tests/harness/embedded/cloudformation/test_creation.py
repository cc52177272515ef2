"""Creation of a stack: order, events, outputs, and roll-back when a resource fails."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .templates import group, policy, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws

BROKEN = {
    "First": group(LogGroupName="first"),
    "Broken": {**topic(TopicName="no spaces"), "DependsOn": "First"},
    "Beside": {**topic(), "DependsOn": "First"},
    "Never": {**topic(), "DependsOn": "Broken"},
}
BROKEN_REASON = (
    'Resource handler returned message: "Topic names must be made up of only uppercase and lowercase '
    'ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long." '
    "(RequestToken: TOKEN, HandlerErrorCode: InvalidRequest)"
)


def without_tokens(events: list[tuple[str, str, str | None]]) -> list[tuple[str, str, str | None]]:
    token = re.compile(r"RequestToken: [0-9a-f-]{36}")
    return [
        (name, status, reason and token.sub("RequestToken: TOKEN", reason)) for name, status, reason in events
    ]


def log_groups(aws: Aws) -> list[str]:
    return [one["logGroupName"] for one in aws.client("logs").describe_log_groups()["logGroups"]]


def test_resources_are_made_after_what_they_need_and_every_step_is_told(aws: Aws) -> None:
    aws.create(
        template({"Second": topic(DisplayName={"Ref": "First"}), "First": group(LogGroupName="first")})
    )

    assert aws.events() == [
        ("demo", "CREATE_IN_PROGRESS", "User Initiated"),
        ("First", "CREATE_IN_PROGRESS", None),
        ("First", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("First", "CREATE_COMPLETE", None),
        ("Second", "CREATE_IN_PROGRESS", None),
        ("Second", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Second", "CREATE_COMPLETE", None),
        ("demo", "CREATE_COMPLETE", None),
    ]


def test_a_failed_resource_cancels_the_others_and_rolls_back_what_was_made(aws: Aws) -> None:
    stack = aws.create(template(BROKEN))

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert without_tokens(aws.events())[4:] == [
        ("Broken", "CREATE_IN_PROGRESS", None),
        ("Beside", "CREATE_IN_PROGRESS", None),
        ("Broken", "CREATE_FAILED", BROKEN_REASON),
        ("Beside", "CREATE_FAILED", "Resource creation cancelled"),
        (
            "demo",
            "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Broken, Beside]. Rollback requested by user.",
        ),
        ("First", "DELETE_IN_PROGRESS", None),
        ("First", "DELETE_COMPLETE", None),
        ("demo", "ROLLBACK_COMPLETE", None),
    ]
    assert log_groups(aws) == []


def test_a_stack_that_shall_not_roll_back_keeps_what_was_made(aws: Aws) -> None:
    stack = aws.create(template(BROKEN), OnFailure="DO_NOTHING")

    assert (stack["StackStatus"], stack["StackStatusReason"]) == (
        "CREATE_FAILED",
        "The following resource(s) failed to create: [Broken, Beside]. ",
    )
    assert log_groups(aws) == ["first"]


def test_a_stack_that_shall_go_on_failure_is_gone(aws: Aws) -> None:
    stack = aws.create(template(BROKEN), OnFailure="DELETE")

    assert stack["StackStatus"] == "DELETE_COMPLETE"
    assert log_groups(aws) == []


def test_a_property_that_the_type_does_not_have_fails_its_resource(aws: Aws) -> None:
    aws.create(template({"A": topic(Replicas=[])}), OnFailure="DO_NOTHING")

    assert ("A", "CREATE_FAILED", "Encountered unsupported property Replicas") in aws.events()


def test_a_required_property_that_is_missing_fails_its_resource(aws: Aws) -> None:
    aws.create(
        template({"R": {"Type": "AWS::IAM::Role"}}), OnFailure="DO_NOTHING", Capabilities=["CAPABILITY_IAM"]
    )

    reason = (
        "Properties validation failed for resource R with message:\n"
        "#: required key [AssumeRolePolicyDocument] not found"
    )
    assert ("R", "CREATE_FAILED", reason) in aws.events()


def test_what_exists_already_fails_its_resource_and_survives_the_roll_back(aws: Aws) -> None:
    aws.client("logs").create_log_group(logGroupName="mine")

    stack = aws.create(template({"A": group(LogGroupName="mine")}))

    reason = without_tokens(aws.events())[2][2]
    assert reason == (
        "Resource handler returned message: \"Resource of type 'AWS::Logs::LogGroup' with identifier "
        "'mine' already exists.\" (RequestToken: TOKEN, HandlerErrorCode: AlreadyExists)"
    )
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert log_groups(aws) == ["mine"]


def test_only_resources_whose_condition_is_true_are_made_and_listed(aws: Aws) -> None:
    aws.create(
        template(
            {
                "East": {**group(LogGroupName="east"), "Condition": "InEast"},
                "West": {**group(LogGroupName="west"), "Condition": "InWest"},
                "Both": {**topic(), "DependsOn": ["East", "West"]},
            },
            Conditions={
                "InEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
                "InWest": {"Fn::Not": [{"Condition": "InEast"}]},
            },
        )
    )

    found = aws.client("cloudformation").list_stack_resources(StackName="demo")["StackResourceSummaries"]
    assert {(one["LogicalResourceId"], one["ResourceType"], one["ResourceStatus"]) for one in found} == {
        ("East", "AWS::Logs::LogGroup", "CREATE_COMPLETE"),
        ("Both", "AWS::SNS::Topic", "CREATE_COMPLETE"),
    }
    assert log_groups(aws) == ["east"]


def test_outputs_are_those_whose_condition_is_true(aws: Aws) -> None:
    stack = aws.create(
        template(
            {"A": topic(TopicName="alerts")},
            Conditions={"Never": {"Fn::Equals": ["a", "b"]}},
            Outputs={
                "Arn": {"Value": {"Ref": "A"}, "Description": "the topic", "Export": {"Name": "alerts-arn"}},
                "Nothing": {"Value": "x", "Condition": "Never"},
            },
        )
    )

    assert stack["Outputs"] == [
        {
            "OutputKey": "Arn",
            "OutputValue": "arn:aws:sns:us-east-1:123456789012:alerts",
            "Description": "the topic",
            "ExportName": "alerts-arn",
        }
    ]
    assert aws.client("cloudformation").list_exports()["Exports"] == [
        {
            "ExportingStackId": stack["StackId"],
            "Name": "alerts-arn",
            "Value": "arn:aws:sns:us-east-1:123456789012:alerts",
        }
    ]


def test_an_export_that_another_stack_has_fails_the_stack(aws: Aws) -> None:
    body = template({"A": topic()}, Outputs={"O": {"Value": "x", "Export": {"Name": "taken"}}})
    aws.create(body, name="first")

    stack = aws.create(body, name="second")

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert (
        "second",
        "ROLLBACK_IN_PROGRESS",
        "Export with name taken is already exported by stack first. Rollback requested by user.",
    ) in aws.events("second")


def test_an_import_of_nothing_fails_its_resource(aws: Aws) -> None:
    aws.create(template({"A": topic(DisplayName={"Fn::ImportValue": "nobody"})}), OnFailure="DO_NOTHING")

    assert ("A", "CREATE_FAILED", "No export named nobody found.") in aws.events()


def test_a_secret_parameter_is_never_shown(aws: Aws) -> None:
    stack = aws.create(
        template({"A": topic()}, Parameters={"Password": {"Type": "String", "NoEcho": True}}),
        Parameters=[{"ParameterKey": "Password", "ParameterValue": "hunter2"}],
    )

    assert stack["Parameters"] == [{"ParameterKey": "Password", "ParameterValue": "****"}]


def test_a_template_in_yaml_with_short_forms_is_read(aws: Aws) -> None:
    body = """
    AWSTemplateFormatVersion: 2010-09-09
    Parameters: {Stage: {Type: String, Default: dev}}
    Conditions: {IsDev: !Equals [!Ref Stage, dev]}
    Resources:
      Alerts:
        Type: AWS::SNS::Topic
        Properties: {TopicName: !If [IsDev, !Sub "alerts-${Stage}", other]}
    Outputs: {Name: {Value: !GetAtt Alerts.TopicName}}
    """

    stack = aws.create(body)

    assert stack["Outputs"] == [{"OutputKey": "Name", "OutputValue": "alerts-dev"}]
    assert aws.client("cloudformation").get_template(StackName="demo")["TemplateBody"] == body


def test_a_template_that_was_sent_as_json_comes_back_as_it_was(aws: Aws) -> None:
    body = template({"A": topic()})
    aws.create(body)

    assert aws.client("cloudformation").get_template(StackName="demo")["TemplateBody"] == body


def test_a_second_stack_of_the_name_is_refused(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    with pytest.raises(ClientError) as raised:
        aws.create(template({"A": topic()}))

    assert raised.value.response["Error"]["Code"] == "AlreadyExistsException"
    assert raised.value.response["Error"]["Message"] == "Stack [demo] already exists"


def test_reading_a_failed_stack_makes_nothing(aws: Aws) -> None:
    aws.create(template(BROKEN))
    cloudformation = aws.client("cloudformation")
    before = aws.events()

    cloudformation.list_stack_resources(StackName="demo")
    cloudformation.describe_stack_resources(StackName="demo")
    cloudformation.get_template_summary(StackName="demo")

    assert aws.events() == before
    assert log_groups(aws) == []


def test_a_role_gets_a_name_its_policies_and_its_tags(aws: Aws) -> None:
    arn = aws.client("iam").create_policy(
        PolicyName="mine", PolicyDocument=json.dumps(policy("sns:Publish"))
    )["Policy"]["Arn"]
    aws.create(
        template(
            {
                "Runner": role(
                    ManagedPolicyArns=[arn],
                    Policies=[{"PolicyName": "inline", "PolicyDocument": policy("s3:GetObject")}],
                    Tags=[{"Key": "team", "Value": "payments"}],
                )
            }
        ),
        Capabilities=["CAPABILITY_IAM"],
    )

    iam = aws.client("iam")
    name = physical_id(aws, "Runner")
    found = iam.get_role(RoleName=name)["Role"]
    assert re.fullmatch(r"demo-Runner-[A-Z0-9]{12}", name)
    assert found["Tags"] == [{"Key": "team", "Value": "payments"}]
    assert iam.get_role_policy(RoleName=name, PolicyName="inline")["PolicyDocument"] == policy("s3:GetObject")
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == [
        {"PolicyName": "mine", "PolicyArn": arn}
    ]


def physical_id(aws: Aws, logical_id: str) -> Any:
    found = aws.client("cloudformation").describe_stack_resource(
        StackName="demo", LogicalResourceId=logical_id
    )
    return found["StackResourceDetail"]["PhysicalResourceId"]


TABLE_KEY = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_a_plain_table_with_replicas_fails_as_on_aws_although_the_type_is_not_modelled(aws: Aws) -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {**TABLE_KEY, "Replicas": []}}

    aws.create(
        template({"T": table, "A": topic(DisplayName={"Fn::GetAtt": ["T", "Arn"]})}), OnFailure="DO_NOTHING"
    )

    assert ("T", "CREATE_FAILED", "Encountered unsupported property Replicas") in aws.events()


def test_a_key_that_a_nested_object_does_not_have_fails_its_resource(aws: Aws) -> None:
    table = {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {
            **TABLE_KEY,
            "Replicas": [{"Region": {"Ref": "AWS::Region"}}],
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "alias/mine"},
        },
    }

    aws.create(template({"T": table}), OnFailure="DO_NOTHING")

    reason = (
        "Properties validation failed for resource T with message:\n"
        "#/SSESpecification: extraneous key [KMSMasterKeyId] is not permitted"
    )
    assert ("T", "CREATE_FAILED", reason) in aws.events()


def test_a_template_is_fetched_from_a_bucket(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="demo.json", Body=json.dumps(template({"A": topic()})))

    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(
        StackName="demo", TemplateURL="https://s3.us-east-1.amazonaws.com/templates/demo.json"
    )

    assert cloudformation.describe_stacks(StackName="demo")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_a_template_in_a_bucket_may_have_a_megabyte(aws: Aws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates")
    body = template({"A": topic()})
    url = "https://s3.us-east-1.amazonaws.com/templates/demo.json"
    cloudformation = aws.client("cloudformation")

    s3.put_object(Bucket="templates", Key="demo.json", Body=json.dumps(body).ljust(1_000_000))
    cloudformation.validate_template(TemplateURL=url)
    s3.put_object(Bucket="templates", Key="demo.json", Body=json.dumps(body).ljust(1_000_001))
    with pytest.raises(ClientError) as raised:
        cloudformation.validate_template(TemplateURL=url)

    assert raised.value.response["Error"]["Message"] == "Template may not exceed 1000000 bytes in size."
