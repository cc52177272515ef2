"""What a person sees of a deployment."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console

from qa.stack.progress import Notice, OperationBegan, OperationEnded, Progress, StackEvent
from qa.stack.progress_view import progress_view


def event(logical_id: str, status: str, reason: str = "") -> StackEvent:
    return StackEvent(
        event_id=f"{logical_id}-{status}",
        time=datetime(2026, 1, 2, tzinfo=UTC),
        region="us-east-1",
        stack_name="Orders-dev",
        logical_id=logical_id,
        resource_type="AWS::S3::Bucket",
        physical_id="",
        status=status,
        reason=reason,
    )


TOLD: tuple[Progress, ...] = (
    OperationBegan(region="us-east-1", stack_name="Orders-dev", verb="create", resources=2),
    event("Bucket", "CREATE_COMPLETE"),
    event("Topic", "CREATE_FAILED", "the name [orders] is taken, " + "and that is " * 10 + "all"),
    OperationEnded(region="us-east-1", stack_name="Orders-dev", outcome="ROLLBACK_COMPLETE"),
    Notice(text="us-west-2: emptying 'orders', 3 versions"),
)


def shown(console: Console, file: io.StringIO) -> str:
    with progress_view(console, monotonic=lambda: 0.0) as tell:
        for each in TOLD:
            tell(each)
    return file.getvalue()


def test_in_a_pipe_each_thing_told_is_one_whole_line() -> None:
    file = io.StringIO()

    text = shown(Console(file=file, width=80), file)

    assert text.splitlines() == [
        "    0.0 s  us-east-1  creating Orders-dev, 2 resources",
        "    0.0 s  us-east-1  CREATE_COMPLETE      Bucket (AWS::S3::Bucket)",
        "    0.0 s  us-east-1  CREATE_FAILED        Topic (AWS::S3::Bucket): the name [orders] is taken, "
        + "and that is " * 10
        + "all",
        "    0.0 s  us-east-1  Orders-dev: ROLLBACK_COMPLETE",
        "    0.0 s  us-west-2: emptying 'orders', 3 versions",
    ]


def test_on_a_terminal_failures_outcomes_and_notices_stay_above_the_bars() -> None:
    file = io.StringIO()

    text = shown(Console(file=file, width=80, force_terminal=True, color_system=None), file)

    assert "CREATE_FAILED        Topic" in text
    assert "Orders-dev: ROLLBACK_COMPLETE" in text
    assert "us-west-2: emptying 'orders', 3 versions" in text
    assert "1/2" in text


def test_a_dumb_terminal_gets_plain_lines() -> None:
    file = io.StringIO()
    dumb = Console(file=file, width=80, force_terminal=True, _environ={"TERM": "dumb"})

    assert "creating Orders-dev, 2 resources" in shown(dumb, file)


def test_with_several_stacks_each_event_says_whose_it_is() -> None:
    file = io.StringIO()
    other = OperationBegan(region="us-east-1", stack_name="Network-dev", verb="create", resources=0)

    with progress_view(Console(file=file, width=80), monotonic=lambda: 0.0) as tell:
        for told in (TOLD[0], other, TOLD[1]):
            tell(told)

    assert file.getvalue().splitlines()[-1] == (
        "    0.0 s  us-east-1  Orders-dev  CREATE_COMPLETE      Bucket (AWS::S3::Bucket)"
    )


def test_on_a_terminal_stacks_of_one_region_have_bars_of_their_own() -> None:
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True)
    other = OperationBegan(region="us-east-1", stack_name="Network-dev", verb="create", resources=2)

    with progress_view(console, monotonic=lambda: 0.0) as tell:
        for told in (TOLD[0], other, TOLD[1]):
            tell(told)

    moved = {line for line in file.getvalue().splitlines() if "1/2" in line}
    assert {("Orders-dev" in line, "Network-dev" in line) for line in moved} == {(True, False)}
