"""The commands at work on an AWS: what they print, write and return."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.stack import Clients, QueueEntry, RunAbout, new_run_id, resolve_target, run_at
from tests.harness.stack.orders import EAST, bucket, template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def suffix() -> str:
    return new_run_id()


@pytest.fixture
def qa(project: Path, endpoint: str, suffix: str) -> Callable[..., int]:
    """Run a command on the endpoint."""

    def run(command: str, *options: str) -> int:
        where = ("--target", "endpoint", "--endpoint-url", endpoint, "--suffix", suffix)
        return main([command, *where, *options])

    return run


@pytest.fixture
def clients(project: Path, endpoint: str) -> Clients:
    return Clients(resolve_target("endpoint", environ={}, endpoint_url=endpoint))


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_deploy_writes_the_outputs_and_says_where(
    qa: Callable[..., int], project: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = qa("deploy")

    written = json.loads((project / "cfn-outputs/endpoint/flat-outputs.json").read_text(encoding="utf-8"))
    assert (code, written["Suffix"]) == (0, suffix)
    assert last_line(capsys).endswith(": 3 outputs in cfn-outputs/endpoint/flat-outputs.json")


def test_deploy_ends_with_1_when_the_stack_fails(
    qa: Callable[..., int],
    project: Path,
    clients: Clients,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clients.s3(EAST).create_bucket(Bucket=f"taken-{suffix}")
    (project / "stack.json").write_text(json.dumps(template(Taken=bucket("taken"))), encoding="utf-8")

    code = qa("deploy")

    assert (code, "First to fail: 'Taken' (AWS::S3::Bucket)" in capsys.readouterr().err) == (1, True)


def test_outputs_prints_and_writes_what_the_stacks_have(
    qa: Callable[..., int], project: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    qa("deploy")
    (project / "cfn-outputs/endpoint/flat-outputs.json").unlink()
    capsys.readouterr()

    code = qa("outputs")

    assert (code, capsys.readouterr().out) == (
        0,
        (
            f"PrimaryBucket = orders-us-east-1-{suffix}\n"
            f"SecondaryBucket = orders-us-west-2-{suffix}\n"
            f"Suffix = {suffix}\n"
            "\n"
            "3 outputs in cfn-outputs/endpoint/flat-outputs.json\n"
        ),
    )


def test_outputs_of_a_stack_that_is_not_there_could_not_run(
    qa: Callable[..., int], suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = qa("outputs")

    assert (code, capsys.readouterr().err.splitlines()[-1]) == (
        2,
        (
            f"qa outputs: stack 'Orders-{suffix}' in us-east-1 is not there; stack 'Orders-{suffix}' in "
            "us-west-2 is not there. Run `make deploy`."
        ),
    )


@pytest.mark.parametrize("command", ["deploy", "outputs", "destroy", "sweep"])
def test_a_command_says_first_whom_it_is_about_to_touch(
    command: str, qa: Callable[..., int], endpoint: str, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    qa(command)

    assert capsys.readouterr().err.splitlines()[:2] == [
        f"target: endpoint {endpoint}, account 123456789012, as arn:aws:iam::123456789012:user/administrator",
        f"stacks: Orders-{suffix} in us-east-1 and us-west-2",
    ]


def test_destroy_on_this_machine_asks_nobody_and_takes_the_outputs_along(
    qa: Callable[..., int], project: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    qa("deploy")

    code = qa("destroy")

    assert (code, last_line(capsys)) == (0, f"Orders-{suffix} is gone from us-east-1 and us-west-2.")
    assert list((project / "cfn-outputs/endpoint").iterdir()) == []


def test_destroy_leaves_the_outputs_of_another_stack(qa: Callable[..., int], project: Path) -> None:
    qa("deploy")

    qa("destroy", "--stack-name", "Orders-other")

    assert (project / "cfn-outputs/endpoint/flat-outputs.json").exists()


def test_sweep_works_off_the_ledger_of_a_dead_run_and_forgets_it(
    qa: Callable[..., int],
    project: Path,
    clients: Clients,
    endpoint: str,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = run_at(project, suffix)
    run.begin(RunAbout(target=f"endpoint {endpoint}", account="123456789012", stack_name="Orders"))
    run.ledger.will_make(QueueEntry(region=EAST, queue_name=suffix))
    clients.sqs(EAST).create_queue(QueueName=suffix)

    code = qa("sweep", "--run", suffix)

    assert (code, capsys.readouterr().out) == (
        0,
        f"removed queue {suffix} in us-east-1\n1 removed, 0 stay.\n",
    )
    assert not run.folder.exists()


def test_sweep_spares_a_run_that_is_alive(
    qa: Callable[..., int],
    project: Path,
    clients: Clients,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alive = run_at(project, suffix).stay_alive()
    clients.sqs(EAST).create_queue(QueueName=suffix)

    code = qa("sweep", "--run", suffix)
    alive.release()

    assert (code, capsys.readouterr().out) == (
        0,
        f"skipped {suffix}: it is still running\n0 removed, 0 stay.\n",
    )


def test_sweep_leaves_ledgers_of_other_targets_alone_and_says_where_to_sweep(
    qa: Callable[..., int], project: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_at(project, suffix)
    run.begin(RunAbout(target="aws", account="123456789012", stack_name="Orders"))
    run.ledger.will_make(QueueEntry(region=EAST, queue_name=suffix))

    code = qa("sweep", "--run", suffix)

    assert (code, capsys.readouterr().out) == (
        0,
        f"skipped {suffix}: it worked on aws, account 123456789012; sweep there\n0 removed, 0 stay.\n",
    )
    assert run.ledger.remaining() == (QueueEntry(region=EAST, queue_name=suffix),)


def test_sweep_forgets_dead_runs_whose_embedded_aws_died_with_them(
    qa: Callable[..., int], project: Path, suffix: str
) -> None:
    run = run_at(project, suffix)
    run.begin(RunAbout(target="embedded", account="123456789012", stack_name="Orders"))
    outputs = project / "cfn-outputs" / "embedded" / suffix
    outputs.mkdir(parents=True)

    qa("sweep")

    assert (run.folder.exists(), outputs.exists()) == (False, False)


def test_a_dry_run_lists_what_would_go_and_leaves_it(
    qa: Callable[..., int],
    project: Path,
    clients: Clients,
    endpoint: str,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = run_at(project, suffix)
    run.begin(RunAbout(target=f"endpoint {endpoint}", account="123456789012", stack_name="Orders"))
    run.ledger.will_make(QueueEntry(region=EAST, queue_name=f"{suffix}-a"))
    for name in (f"{suffix}-a", f"{suffix}-b"):
        clients.sqs(EAST).create_queue(QueueName=name)

    code = qa("sweep", "--run", suffix, "--dry-run")

    assert (code, capsys.readouterr().out) == (
        0,
        (
            f"would remove queue {suffix}-a in us-east-1\n"
            f"would remove queue {suffix}-b in us-east-1\n"
            "2 would be removed (dry run).\n"
        ),
    )
    assert len(clients.sqs(EAST).list_queues(QueueNamePrefix=suffix)["QueueUrls"]) == 2
    assert run.ledger.remaining() == (QueueEntry(region=EAST, queue_name=f"{suffix}-a"),)


@pytest.mark.parametrize("has_ledger", [True, False], ids=["with a ledger", "without one"])
def test_what_is_younger_than_asked_for_is_spared(
    qa: Callable[..., int],
    project: Path,
    clients: Clients,
    endpoint: str,
    suffix: str,
    capsys: pytest.CaptureFixture[str],
    *,
    has_ledger: bool,
) -> None:
    if has_ledger:
        about = RunAbout(target=f"endpoint {endpoint}", account="123456789012", stack_name="Orders")
        run_at(project, suffix).begin(about)
        run_at(project, suffix).ledger.will_make(QueueEntry(region=EAST, queue_name=suffix))
    clients.sqs(EAST).create_queue(QueueName=suffix)

    skipped = qa("sweep", "--run", suffix, "--older-than", "1"), capsys.readouterr().out
    swept = qa("sweep", "--run", suffix, "--older-than", "0"), capsys.readouterr().out

    assert skipped == (
        0,
        (f"skipped {suffix}: it is younger, or its age is unknown\n0 removed, 0 stay.\n"),
    )
    assert swept == (
        0,
        f"removed queue {suffix} in us-east-1\n1 removed, 0 stay.\n",
    )
