"""Credentials that are absent, old or another's. No test asks the real AWS: nothing here has a key for it."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from qa.cli import main

from .running import COMMAND, live_run

if TYPE_CHECKING:
    from pathlib import Path

    from .refusing import RefusingAws

NONE = (
    "cannot identify the caller at aws: no credentials. Set AWS_PROFILE, or paste the exports that "
    "`qa serve` prints."
)
REFUSALS = {
    "ExpiredToken": (
        "The credentials have expired: get new ones (`aws sso login`, or fresh exports) and try again."
    ),
    "InvalidClientTokenId": (
        "AWS does not know these credentials: look at AWS_PROFILE and the AWS_… variables."
    ),
    "SignatureDoesNotMatch": "The secret key is another's, or this machine's clock is wrong (`qa doctor`).",
    "RequestExpired": "Look at this machine's clock (`qa doctor`): requests hold for 5 to 15 minutes.",
}


def test_a_command_on_aws_without_credentials_ends_with_2(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["deploy", "--target", "aws"])

    assert (code, capsys.readouterr().err) == (2, f"qa deploy: {NONE}\n")


def test_a_live_run_on_aws_without_credentials_ends_with_2_and_leaves_nothing(project: Path) -> None:
    seen = live_run(project, "--target", "aws")

    assert (seen.code, seen.reason) == (2, f"qa could not run: {NONE}")
    assert list((project / ".qa/runs").glob("*")) == []


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("code", REFUSALS)
def test_refused_credentials_are_told_with_what_to_do(
    project: Path, refusing: RefusingAws, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing.code, refusing.message = code, "AWS's words"

    ended = main(["deploy", "--target", "endpoint", "--endpoint-url", refusing.url])

    assert (ended, capsys.readouterr().err) == (
        2,
        (
            f"qa deploy: cannot identify the caller at endpoint {refusing.url}: GetCallerIdentity was "
            f"refused with {code}: AWS's words (request r-1). {REFUSALS[code]}\n"
        ),
    )


@pytest.mark.usefixtures("credentials")
def test_a_web_page_in_the_place_of_an_answer_is_told_by_its_beginning(
    project: Path, refusing: RefusingAws, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing.page = f"<!doctype html><title>Sign in<br>\n{'<p>x' * 1000}"

    ended = main(["deploy", "--target", "endpoint", "--endpoint-url", refusing.url])

    output = capsys.readouterr().err
    begin = (
        f"qa deploy: cannot identify the caller at endpoint {refusing.url}: the response is not from AWS: "
    )
    assert (ended, output.startswith(begin), len(output.splitlines()), output.endswith("…\n")) == (
        2,
        True,
        1,
        True,
    )
    assert "Sign in" in output


def test_a_profile_that_is_not_there_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["deploy", "--target", "aws", "--profile", "nobody"])

    assert (code, capsys.readouterr().err) == (
        2,
        (
            "qa deploy: cannot identify the caller at aws: The config profile (nobody) could not be found. "
            "Look at AWS_PROFILE, --profile and the AWS_… variables.\n"
        ),
    )


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"])
def test_the_embedded_endpoint_in_the_environment_stops_a_run_on_aws(
    project: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, endpoint)

    seen = live_run(project, "--target", "aws")

    assert (seen.code, seen.reason) == (
        2,
        (
            f"qa could not run: --target aws, but {variable} is '{endpoint}'. Unset it to mean the real AWS, "
            "or say --target endpoint to mean that address."
        ),
    )


INTERRUPTED = """
import threading
from qa.stack.ledger import QueueEntry

@pytest.mark.qa_check("G3", "primary")
def test_something_is_made_and_takes_long(qa_live, qa_clients):
    name = qa_live.run.run_id
    qa_live.run.ledger.will_make(QueueEntry(region="us-east-1", queue_name=name))
    qa_clients.sqs("us-east-1").create_queue(QueueName=name)
    print("at work in", name, flush=True)
    threading.Event().wait(60)
"""


@pytest.mark.usefixtures("credentials")
def test_ctrl_c_removes_what_the_run_made(
    project: Path, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    main(["deploy", *where])
    tests = project / "tests/live/test_topics.py"
    tests.write_text("import pytest\n" + INTERRUPTED)
    with subprocess.Popen(
        [*COMMAND, "-s", *where], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        assert run.stdout is not None
        line = next(line for line in run.stdout if "at work in" in line)
        run.send_signal(signal.SIGINT)
        run.stdout.read()
        code = run.wait(60)
    name = line.split()[-1]
    capsys.readouterr()

    main(["sweep", *where, "--run", name, "--dry-run"])

    assert (code, capsys.readouterr().out) == (2, "0 would be removed (dry run).\n")
