"""Change sets: what they would do, what they did, and when there is nothing to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from .templates import group, template, topic

if TYPE_CHECKING:
    from .conftest import Aws


NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


def change_set(aws: Aws, body: object, *, kind: str, name: str = "change") -> Any:
    cloudformation = aws.client("cloudformation")
    made = cloudformation.create_change_set(
        StackName="demo", ChangeSetName=name, ChangeSetType=kind, TemplateBody=json.dumps(body)
    )
    return cloudformation.describe_change_set(ChangeSetName=made["Id"])


def changes(of: Any) -> list[tuple[str, str, str | None]]:
    return [
        (
            one["ResourceChange"]["Action"],
            one["ResourceChange"]["LogicalResourceId"],
            one["ResourceChange"].get("Replacement"),
        )
        for one in of["Changes"]
    ]


def test_a_new_stack_waits_for_review_until_its_change_set_is_executed(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    body = template({"A": topic(TopicName="a")}, Outputs={"O": {"Value": {"Ref": "A"}}})

    made = change_set(aws, body, kind="CREATE")
    waiting = cloudformation.describe_stacks(StackName="demo")["Stacks"][0]["StackStatus"]
    cloudformation.execute_change_set(ChangeSetName="change", StackName="demo")

    stack = cloudformation.describe_stacks(StackName="demo")["Stacks"][0]
    assert (made["Status"], made["ExecutionStatus"], changes(made)) == (
        "CREATE_COMPLETE",
        "AVAILABLE",
        [("Add", "A", None)],
    )
    assert waiting == "REVIEW_IN_PROGRESS"
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": "arn:aws:sns:us-east-1:123456789012:a"}]


def test_a_change_set_tells_what_it_adds_changes_replaces_and_removes(aws: Aws) -> None:
    aws.create(
        template(
            {
                "Kept": topic(TopicName="kept"),
                "Changed": group(LogGroupName="g", RetentionInDays=7),
                "Replaced": topic(TopicName="old"),
                "Follower": topic(TopicName="f", DisplayName={"Ref": "Replaced"}),
                "Removed": topic(),
            }
        )
    )

    made = change_set(
        aws,
        template(
            {
                "Kept": topic(TopicName="kept"),
                "Changed": group(LogGroupName="g", RetentionInDays=14),
                "Replaced": topic(TopicName="new"),
                "Follower": topic(TopicName="f", DisplayName={"Ref": "Replaced"}),
                "Added": topic(),
            }
        ),
        kind="UPDATE",
    )

    assert changes(made) == [
        ("Modify", "Changed", "False"),
        ("Modify", "Replaced", "True"),
        ("Add", "Added", None),
        ("Modify", "Follower", "False"),
        ("Remove", "Removed", None),
    ]


def test_a_change_names_the_property_and_what_it_takes(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="old", DisplayName="x")}))

    made = change_set(aws, template({"A": topic(TopicName="new", DisplayName="x")}), kind="UPDATE")

    assert made["Changes"][0]["ResourceChange"]["Scope"] == ["Properties"]
    assert made["Changes"][0]["ResourceChange"]["Details"] == [
        {
            "Target": {"Attribute": "Properties", "Name": "TopicName", "RequiresRecreation": "Always"},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]


def test_making_a_change_set_changes_nothing(aws: Aws) -> None:
    aws.create(template({"A": topic(TopicName="a")}))
    before = aws.events()

    change_set(aws, template({"A": topic(TopicName="b")}), kind="UPDATE")

    assert aws.events() == before
    assert [one["TopicArn"] for one in aws.client("sns").list_topics()["Topics"]] == [
        "arn:aws:sns:us-east-1:123456789012:a"
    ]


def test_a_change_set_without_changes_has_failed(aws: Aws) -> None:
    aws.create(template({"A": topic()}))

    made = change_set(aws, template({"A": topic()}), kind="UPDATE")

    assert (made["Status"], made["ExecutionStatus"], made["StatusReason"]) == (
        "FAILED",
        "UNAVAILABLE",
        NO_CHANGES,
    )


def test_an_executed_change_set_updates_the_stack_and_its_exports(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({"A": topic()}))
    change_set(
        aws, template({"A": topic()}, Outputs={"O": {"Value": "x", "Export": {"Name": "e"}}}), kind="UPDATE"
    )

    cloudformation.execute_change_set(ChangeSetName="change", StackName="demo")

    done = cloudformation.describe_change_set(ChangeSetName="change", StackName="demo")
    assert cloudformation.describe_stacks(StackName="demo")["Stacks"][0]["StackStatus"] == "UPDATE_COMPLETE"
    assert done["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert [one["Name"] for one in cloudformation.list_exports()["Exports"]] == ["e"]


def test_executing_one_change_set_discards_the_others(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    aws.create(template({"A": topic()}))
    change_set(aws, template({"A": topic(), "B": topic()}), kind="UPDATE", name="one")
    change_set(aws, template({"A": topic(), "C": topic()}), kind="UPDATE", name="two")

    cloudformation.execute_change_set(ChangeSetName="one", StackName="demo")

    summaries = cloudformation.list_change_sets(StackName="demo")["Summaries"]
    assert [one["ChangeSetName"] for one in summaries] == ["one"]


def test_a_change_set_is_executed_once(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    made = change_set(aws, template({"A": topic()}), kind="CREATE")
    cloudformation.execute_change_set(ChangeSetName="change", StackName="demo")

    with pytest.raises(ClientError) as raised:
        cloudformation.execute_change_set(ChangeSetName="change", StackName="demo")

    assert raised.value.response["Error"]["Message"] == (
        f"ChangeSet [{made['ChangeSetId']}] cannot be executed in its current status of [EXECUTE_COMPLETE]"
    )


def test_a_change_set_that_is_not_there_is_not_found(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").describe_change_set(ChangeSetName="nobody", StackName="demo")

    error = raised.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ChangeSetNotFound", "ChangeSet [nobody] does not exist")


def test_a_change_set_of_a_stack_that_is_not_there_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError) as raised:
        change_set(aws, template({"A": topic()}), kind="UPDATE")

    assert raised.value.response["Error"]["Message"] == "Stack [demo] does not exist"


def test_a_creation_that_fails_leaves_a_stack_that_says_so(aws: Aws) -> None:
    change_set(aws, template({"A": topic(TopicName="no spaces")}), kind="CREATE")

    aws.client("cloudformation").execute_change_set(ChangeSetName="change", StackName="demo")

    stack = aws.client("cloudformation").describe_stacks(StackName="demo")["Stacks"][0]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_refused_template_leaves_no_stack_in_review(aws: Aws) -> None:
    with pytest.raises(ClientError):
        change_set(aws, template({"A": topic(DisplayName={"Ref": "A"})}), kind="CREATE")

    assert aws.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_a_stack_in_review_can_be_deleted(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    change_set(aws, template({"A": topic()}), kind="CREATE")

    cloudformation.delete_stack(StackName="demo")

    assert cloudformation.describe_stacks()["Stacks"] == []


def test_a_secret_parameter_of_a_change_set_is_masked(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    made = cloudformation.create_change_set(
        StackName="demo",
        ChangeSetName="change",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(
            template({"A": topic()}, Parameters={"P": {"Type": "String", "NoEcho": "true"}})
        ),
        Parameters=[{"ParameterKey": "P", "ParameterValue": "hunter2"}],
    )

    found = cloudformation.describe_change_set(ChangeSetName=made["Id"])
    assert found["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "****"}]


def test_a_name_is_free_again_once_its_change_set_is_executed(aws: Aws) -> None:
    cloudformation = aws.client("cloudformation")
    change_set(aws, template({"A": topic()}), kind="CREATE")
    with pytest.raises(ClientError) as raised:
        change_set(aws, template({"A": topic()}), kind="CREATE")
    cloudformation.execute_change_set(ChangeSetName="change", StackName="demo")

    change_set(aws, template({"A": topic(), "B": topic()}), kind="UPDATE")

    assert raised.value.response["Error"]["Message"] == "ChangeSet [change] already exists"
    found = cloudformation.describe_change_set(ChangeSetName="change", StackName="demo")
    assert changes(found) == [("Add", "B", None)]
