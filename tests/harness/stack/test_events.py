"""What a failed operation says: which resource failed first, why, and what was rolled back."""

from __future__ import annotations

from datetime import UTC, datetime

from qa.stack.events import failure_text, first_failure
from qa.stack.live import LiveStack
from qa.stack.progress import StackEvent

STACK = "AWS::CloudFormation::Stack"


def event(logical_id: str, status: str, reason: str = "", *, kind: str = "AWS::S3::Bucket") -> StackEvent:
    return StackEvent(
        event_id=f"{logical_id}-{status}",
        time=datetime(2026, 1, 2, tzinfo=UTC),
        region="us-east-1",
        stack_name="Orders-dev",
        logical_id=logical_id,
        resource_type=kind,
        physical_id="",
        status=status,
        reason=reason,
    )


def stack(status: str, reason: str = "") -> LiveStack:
    return LiveStack(
        region="us-east-1",
        name="Orders-dev",
        stack_id="arn:stack",
        status=status,
        reason=reason,
        parameters={},
        outputs={},
    )


def test_the_first_failure_is_a_resource_not_the_stack() -> None:
    bucket = event("Bucket", "CREATE_FAILED", "already exists")

    assert first_failure([event("Orders-dev", "CREATE_FAILED", kind=STACK), bucket]) == bucket


def test_a_resource_cancelled_because_of_another_is_not_the_first_failure() -> None:
    bucket = event("Bucket", "CREATE_FAILED", "already exists")

    assert first_failure([event("Topic", "CREATE_FAILED", "Resource creation cancelled"), bucket]) == bucket


def test_a_failed_creation_names_what_failed_and_what_was_removed() -> None:
    events = [
        event("Topic", "CREATE_COMPLETE"),
        event("Bucket", "CREATE_FAILED", "orders already exists"),
        event("Orders-dev", "ROLLBACK_IN_PROGRESS", kind=STACK),
        event("Topic", "DELETE_COMPLETE"),
        event("Orders-dev", "ROLLBACK_COMPLETE", kind=STACK),
    ]

    assert failure_text("create", stack("ROLLBACK_COMPLETE"), events) == (
        "create of stack 'Orders-dev' in us-east-1 ended as ROLLBACK_COMPLETE.\n"
        "First to fail: 'Bucket' (AWS::S3::Bucket), CREATE_FAILED: orders already exists\n"
        "Rolled back: Topic removed; nothing of the stack is left. Fix it and deploy again."
    )


def test_a_failed_update_names_what_was_restored_and_removed() -> None:
    events = [
        event("Bucket", "UPDATE_FAILED", "no such key"),
        event("Bucket", "UPDATE_COMPLETE"),
        event("Topic", "DELETE_COMPLETE"),
    ]

    assert failure_text("update", stack("UPDATE_ROLLBACK_COMPLETE"), events) == (
        "update of stack 'Orders-dev' in us-east-1 ended as UPDATE_ROLLBACK_COMPLETE.\n"
        "First to fail: 'Bucket' (AWS::S3::Bucket), UPDATE_FAILED: no such key\n"
        "Rolled back: Bucket restored, Topic removed; the stack is as it was before."
    )


def test_a_failed_deletion_names_what_is_still_there() -> None:
    events = [event("Bucket", "DELETE_FAILED", "BucketNotEmpty"), event("Topic", "DELETE_COMPLETE")]

    assert failure_text("delete", stack("DELETE_FAILED"), events) == (
        "delete of stack 'Orders-dev' in us-east-1 ended as DELETE_FAILED.\n"
        "First to fail: 'Bucket' (AWS::S3::Bucket), DELETE_FAILED: BucketNotEmpty\n"
        "Still there: Bucket. Run `qa destroy` again once that is fixed."
    )


def test_a_rollback_that_failed_names_what_it_left() -> None:
    events = [event("Bucket", "CREATE_FAILED", "denied"), event("Topic", "DELETE_FAILED", "denied")]

    text = failure_text("create", stack("ROLLBACK_FAILED"), events)

    assert text.splitlines()[-1] == (
        "The rollback failed too: nothing removed, Topic still there. `qa destroy` removes the rest."
    )


def test_without_a_failed_resource_the_stacks_own_reason_is_told() -> None:
    text = failure_text("create", stack("CREATE_FAILED", "cancelled by the user"), [])

    assert text.splitlines()[1:] == ["Reason: cancelled by the user", "Nothing was rolled back."]
