"""Updates of a stack: in place, by replacement, without changes, and taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .templates import group, policy, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws


def retention(aws: Aws) -> dict[str, int | None]:
    groups = aws.client("logs").describe_log_groups()["logGroups"]
    return {one["logGroupName"]: one.get("retentionInDays") for one in groups}


def topics(aws: Aws) -> set[str]:
    return {one["TopicArn"].rpartition(":")[2] for one in aws.client("sns").list_topics()["Topics"]}


def test_only_what_changed_is_updated_and_in_place(aws: Aws) -> None:
    aws.create(template({"A": group(LogGroupName="a", RetentionInDays=7), "B": group(LogGroupName="b")}))
    count = len(aws.events())

    aws.update(template({"A": group(LogGroupName="a", RetentionInDays=14), "B": group(LogGroupName="b")}))

    assert aws.events()[count:] == [
        ("demo", "UPDATE_IN_PROGRESS", "User Initiated"),
        ("A", "UPDATE_IN_PROGRESS", None),
        ("A", "UPDATE_COMPLETE", None),
        ("demo", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None),
        ("demo", "UPDATE_COMPLETE", None),
    ]
    assert retention(aws) == {"a": 14, "b": None}


def test_what_cannot_be_changed_in_place_is_replaced(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="old")}))
    count = len(aws.events())

    aws.update(template({"A": topic(TopicName="new")}))

    assert aws.events()[count:] == [
        ("demo", "UPDATE_IN_PROGRESS", "User Initiated"),
        (
            "A",
            "UPDATE_IN_PROGRESS",
            "Requested update requires the creation of a new physical resource; hence creating one.",
        ),
        ("A", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("A", "UPDATE_COMPLETE", None),
        ("demo", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None),
        ("A", "DELETE_IN_PROGRESS", None),
        ("A", "DELETE_COMPLETE", None),
        ("demo", "UPDATE_COMPLETE", None),
    ]
    assert topics(aws) == {"new"}


def test_what_refers_to_a_replaced_resource_follows_it(aws: Aws) -> None:
    def body(name: str) -> dict[str, object]:
        return template({"A": topic(TopicName=name), "B": topic(TopicName="b", DisplayName={"Ref": "A"})})

    aws.create(body("old"))

    aws.update(body("new"))

    attributes = aws.client("sns").get_topic_attributes(TopicArn="arn:aws:sns:us-east-1:123456789012:b")
    assert attributes["Attributes"]["DisplayName"] == "arn:aws:sns:us-east-1:123456789012:new"


def test_what_the_template_no_longer_has_is_deleted(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="a"), "B": topic(TopicName="b")}))

    stack = aws.update(template({"A": topic(TopicName="a")}))

    resources = aws.client("cloudformation").list_stack_resources(StackName="demo")
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert topics(aws) == {"a"}
    assert [one["LogicalResourceId"] for one in resources["StackResourceSummaries"]] == ["A"]


def test_a_failed_update_gives_everything_back(aws: Aws) -> None:
    before = template(
        {"A": group(LogGroupName="a", RetentionInDays=7), "B": topic(TopicName="b")},
        Outputs={"Days": {"Value": "seven"}},
    )
    aws.create(before)
    count = len(aws.events())

    stack = aws.update(
        template(
            {
                "A": group(LogGroupName="a", RetentionInDays=14),
                "B": topic(TopicName="renamed"),
                "C": {**topic(TopicName="no spaces"), "DependsOn": ["A", "B"]},
            },
            Outputs={"Days": {"Value": "fourteen"}},
        )
    )

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stack["Outputs"] == [{"OutputKey": "Days", "OutputValue": "seven"}]
    assert retention(aws) == {"a": 7}
    assert topics(aws) == {"b"}
    assert aws.client("cloudformation").get_template(StackName="demo")["TemplateBody"] == before
    assert [(name, status) for name, status, _ in aws.events()[count:] if name == "demo"] == [
        ("demo", "UPDATE_IN_PROGRESS"),
        ("demo", "UPDATE_ROLLBACK_IN_PROGRESS"),
        ("demo", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("demo", "UPDATE_ROLLBACK_COMPLETE"),
    ]
    reasons = [reason for _, status, reason in aws.events() if status == "UPDATE_ROLLBACK_IN_PROGRESS"]
    assert reasons == ["The following resource(s) failed to create: [C]. "]


def test_a_resource_whose_update_breaks_off_gets_back_what_was_changed_already(aws: Aws) -> None:
    aws.create(template({"A": group(LogGroupName="a", RetentionInDays=7)}))
    unknown = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000"

    stack = aws.update(template({"A": group(LogGroupName="a", RetentionInDays=14, KmsKeyId=unknown)}))

    assert (stack["StackStatus"], retention(aws)) == ("UPDATE_ROLLBACK_COMPLETE", {"a": 7})


def test_a_stack_that_was_rolled_back_can_be_updated(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="a")}))
    aws.update(template({"A": topic(TopicName="a"), "B": topic(TopicName="no spaces")}))

    stack = aws.update(template({"A": topic(TopicName="a"), "B": topic(TopicName="b")}))

    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert topics(aws) == {"a", "b"}


def test_a_named_resource_that_must_be_replaced_is_refused(aws: Aws) -> None:
    aws.create(template({"A": role(RoleName="fixed")}), Capabilities=["CAPABILITY_NAMED_IAM"])

    aws.update(template({"A": role(RoleName="fixed", Path="/p/")}), Capabilities=["CAPABILITY_NAMED_IAM"])

    reason = (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename fixed and update the stack again."
    )
    assert ("A", "UPDATE_FAILED", reason) in aws.events()


def test_an_update_without_changes_is_refused(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    with pytest.raises(ClientError) as raised:
        aws.update(template({"A": topic()}, Description="nothing that matters"))

    assert raised.value.response["Error"]["Message"] == "No updates are to be performed."


def test_outputs_alone_can_change(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    stack = aws.update(template({"A": topic()}, Outputs={"O": {"Value": "new"}}))

    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": "new"}]


def test_a_parameter_keeps_its_value_when_asked_to(aws: Aws) -> None:
    body = template(
        {"A": group(LogGroupName="a", RetentionInDays={"Ref": "Days"})},
        Parameters={
            "Days": {"Type": "Number", "Default": 1},
            "Stage": {"Type": "String", "Default": "dev"},
        },
    )
    aws.create(body, Parameters=[{"ParameterKey": "Days", "ParameterValue": "7"}])

    stack = aws.update(
        body,
        Parameters=[
            {"ParameterKey": "Days", "UsePreviousValue": True},
            {"ParameterKey": "Stage", "ParameterValue": "prod"},
        ],
    )

    assert stack["Parameters"] == [
        {"ParameterKey": "Days", "ParameterValue": "7"},
        {"ParameterKey": "Stage", "ParameterValue": "prod"},
    ]
    assert retention(aws) == {"a": 7}


def test_a_stack_that_is_not_there_is_not_updated(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.update(template({"A": topic()}))

    assert raised.value.response["Error"]["Message"] == "Stack [demo] does not exist"


def test_a_stack_whose_creation_was_rolled_back_is_not_updated(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="no spaces")}))

    with pytest.raises(ClientError) as raised:
        aws.update(template({"A": topic()}))

    assert re.fullmatch(
        r"Stack:arn:aws:cloudformation:us-east-1:123456789012:stack/demo/[0-9a-f-]{36} "
        r"is in ROLLBACK_COMPLETE state and can not be updated\.",
        raised.value.response["Error"]["Message"],
    )


def test_a_role_is_changed_in_place(aws: Aws) -> None:
    aws.create(
        template({"R": role(Policies=[{"PolicyName": "old", "PolicyDocument": policy("s3:GetObject")}])}),
        Capabilities=["CAPABILITY_IAM"],
    )
    iam = aws.client("iam")
    before = iam.list_roles()["Roles"][0]

    aws.update(
        template({"R": role(Policies=[{"PolicyName": "new", "PolicyDocument": policy("sns:Publish")}])}),
        Capabilities=["CAPABILITY_IAM"],
    )

    after = iam.list_roles()["Roles"][0]
    assert (after["RoleName"], after["RoleId"]) == (before["RoleName"], before["RoleId"])
    assert iam.list_role_policies(RoleName=after["RoleName"])["PolicyNames"] == ["new"]


def test_an_export_that_others_use_keeps_its_value(aws: Aws) -> None:
    def body(value: str) -> dict[str, object]:
        return template({"A": topic()}, Outputs={"O": {"Value": value, "Export": {"Name": "shared"}}})

    aws.create(body("one"), name="giver")
    aws.create(template({"A": topic(DisplayName={"Fn::ImportValue": "shared"})}), name="taker")

    stack = aws.update(body("two"), name="giver")

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert (
        "giver",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "Export shared cannot be updated as it is in use by taker",
    ) in aws.events("giver")
