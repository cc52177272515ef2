"""Deletion of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .templates import group, role, template, topic

if TYPE_CHECKING:
    from .conftest import Aws


def test_resources_go_before_what_they_need(aws: Aws) -> None:
    stack = aws.create(
        template({"First": group(LogGroupName="a"), "Second": topic(DisplayName={"Ref": "First"})})
    )
    count = len(aws.events())

    aws.client("cloudformation").delete_stack(StackName="demo")

    assert aws.events(stack["StackId"])[count:] == [
        ("demo", "DELETE_IN_PROGRESS", "User Initiated"),
        ("Second", "DELETE_IN_PROGRESS", None),
        ("Second", "DELETE_COMPLETE", None),
        ("First", "DELETE_IN_PROGRESS", None),
        ("First", "DELETE_COMPLETE", None),
        ("demo", "DELETE_COMPLETE", None),
    ]
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_a_deleted_stack_is_found_by_its_id_alone(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    stack = aws.create(template({"A": topic()}))

    cloudformation.delete_stack(StackName="demo")

    found = cloudformation.describe_stacks(StackName=stack["StackId"])["Stacks"][0]
    assert found["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(ClientError) as raised:
        cloudformation.describe_stacks(StackName="demo")
    assert raised.value.response["Error"]["Message"] == "Stack with id demo does not exist"


def test_deleting_twice_is_no_error(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({"A": topic()}))

    cloudformation.delete_stack(StackName="demo")
    cloudformation.delete_stack(StackName="demo")

    summaries = cloudformation.list_stacks()["StackSummaries"]
    assert [one["StackStatus"] for one in summaries] == ["DELETE_COMPLETE"]


def test_a_stack_can_be_created_again(aws: Aws) -> None:
    first = aws.create(template({"A": topic(TopicName="a")}))
    aws.client("cloudformation").delete_stack(StackName="demo")

    second = aws.create(template({"A": topic(TopicName="a")}))

    assert second["StackStatus"] == "CREATE_COMPLETE"
    assert second["StackId"] != first["StackId"]


def test_what_is_retained_stays(aws: Aws) -> None:
    stack = aws.create(template({"A": {**group(LogGroupName="kept"), "DeletionPolicy": "Retain"}}))

    aws.client("cloudformation").delete_stack(StackName="demo")

    assert ("A", "DELETE_SKIPPED", None) in aws.events(stack["StackId"])
    assert [one["logGroupName"] for one in aws.client("logs").describe_log_groups()["logGroups"]] == ["kept"]


def test_a_protected_stack_stays_until_its_protection_ends(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({"A": topic()}), EnableTerminationProtection=True)

    with pytest.raises(ClientError) as raised:
        cloudformation.delete_stack(StackName="demo")
    cloudformation.update_termination_protection(StackName="demo", EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName="demo")

    assert raised.value.response["Error"]["Message"] == (
        "Stack [demo] cannot be deleted while TerminationProtection is enabled"
    )
    assert cloudformation.describe_stacks()["Stacks"] == []


def test_a_stack_whose_export_is_in_use_stays(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(
        template({"A": topic()}, Outputs={"O": {"Value": "x", "Export": {"Name": "shared"}}}), name="giver"
    )
    aws.create(template({"A": topic(DisplayName={"Fn::ImportValue": "shared"})}), name="taker")

    with pytest.raises(ClientError) as raised:
        cloudformation.delete_stack(StackName="giver")
    cloudformation.delete_stack(StackName="taker")
    cloudformation.delete_stack(StackName="giver")

    assert raised.value.response["Error"]["Message"] == (
        "Export shared cannot be deleted as it is in use by taker"
    )
    assert cloudformation.describe_stacks()["Stacks"] == []


def test_a_resource_that_cannot_be_deleted_keeps_the_stack_and_what_it_needs(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    stack = aws.create(
        template({"Need": topic(TopicName="need"), "R": role(Description={"Ref": "Need"}), "Free": topic()}),
        Capabilities=["CAPABILITY_IAM"],
    )
    iam = aws.client("iam")
    name = iam.list_roles()["Roles"][0]["RoleName"]
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName=name)

    cloudformation.delete_stack(StackName="demo")
    failed = cloudformation.describe_stacks(StackName="demo")["Stacks"][0]
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName=name)
    cloudformation.delete_stack(StackName="demo")

    assert (failed["StackStatus"], failed["StackStatusReason"]) == (
        "DELETE_FAILED",
        "The following resource(s) failed to delete: [R]. ",
    )
    statuses = {(one, status) for one, status, _ in aws.events(stack["StackId"])}
    assert ("Free", "DELETE_COMPLETE") in statuses
    assert cloudformation.describe_stacks()["Stacks"] == []


def test_what_cannot_be_deleted_may_be_left_behind(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({"R": role()}), Capabilities=["CAPABILITY_IAM"])
    iam = aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(
        InstanceProfileName="p", RoleName=iam.list_roles()["Roles"][0]["RoleName"]
    )
    cloudformation.delete_stack(StackName="demo")

    cloudformation.delete_stack(StackName="demo", RetainResources=["R"])

    assert cloudformation.describe_stacks()["Stacks"] == []
    assert len(iam.list_roles()["Roles"]) == 1


def test_a_bucket_that_is_not_empty_keeps_its_stack(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    s3 = aws.client("s3")
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "documents-of-a-test"}}
    aws.create(template({"B": bucket}))
    s3.put_object(Bucket="documents-of-a-test", Key="k", Body=b"x")

    cloudformation.delete_stack(StackName="demo")
    failed = [reason for _, state, reason in aws.events() if state == "DELETE_FAILED"]
    s3.delete_object(Bucket="documents-of-a-test", Key="k")
    cloudformation.delete_stack(StackName="demo")

    assert str(failed[0]).startswith(
        'Resource handler returned message: "The bucket you tried to delete is not empty'
    )
    assert failed[1] == "The following resource(s) failed to delete: [B]. "
    assert cloudformation.describe_stacks()["Stacks"] == []
    assert s3.list_buckets()["Buckets"] == []
