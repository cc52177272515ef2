"""The command line: exit codes, advice, and what it costs to import."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qa.cli import main

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("deploy", "outputs", "destroy", "sweep", "serve", "doctor")


def test_without_a_command_the_help_is_printed_and_the_exit_code_is_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main([])

    assert (code, capsys.readouterr().out.startswith("usage: qa ")) == (2, True)


@pytest.mark.parametrize("arguments", [[], *([command] for command in COMMANDS)], ids=["qa", *COMMANDS])
def test_help_fits_into_80_columns(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])

    too_wide = [line for line in capsys.readouterr().out.splitlines() if len(line) > 80]
    assert (ended.value.code, too_wide) == (0, [])


@pytest.mark.parametrize("command", ["deploy", "outputs", "destroy", "sweep"])
def test_the_embedded_aws_is_no_target_of_a_command(
    command: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([command])

    assert (code, capsys.readouterr().err) == (
        2,
        (
            f"qa {command}: the embedded AWS lives inside a test run. For one at your desk start `qa serve` "
            "in another shell, paste the exports that it prints, and say --target endpoint. "
            "A real account: --target aws.\n"
        ),
    )


def test_a_redirected_environment_stops_the_aws_target(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    code = main(["deploy", "--target", "aws"])

    assert (code, "Unset it to mean the real AWS" in capsys.readouterr().err) == (2, True)


def test_an_endpoint_where_nobody_answers_could_not_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["deploy", "--target", "endpoint", "--endpoint-url", "http://127.0.0.1:1"])

    assert (code, "Could not connect to the endpoint URL" in capsys.readouterr().err) == (2, True)


def test_a_folder_without_a_project_could_not_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").unlink()

    code = main(["deploy", "--target", "aws"])

    assert (code, "no pyproject.toml with a [tool.qa] table" in capsys.readouterr().err) == (2, True)


def test_nothing_is_destroyed_elsewhere_where_nobody_can_confirm(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["destroy", "--target", "endpoint", "--endpoint-url", "http://cloud.invalid"])

    assert (code, capsys.readouterr().err) == (
        2,
        "qa destroy: nobody is here to confirm the end of 'Orders-dev'. To mean it: --yes.\n",
    )


def test_what_is_no_run_id_is_not_swept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["sweep", "--target", "aws", "--run", "everything"])

    assert (code, "'everything' is no run ID" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupted_deployment_ends_with_130_and_says_how_to_go_on(
    project: Path, number: signal.Signals
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = subprocess.Popen(
            [sys.executable, "-m", "qa", "deploy", "--target", "endpoint", "--endpoint-url", url],
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = silent.accept()  # now it waits for an answer that never comes
        with connection:
            command.send_signal(number)
            _, told = command.communicate(timeout=30)

    assert (command.returncode, told) == (
        130,
        "qa deploy: interrupted. What CloudFormation has begun goes on there; the same command continues.\n",
    )


def test_the_command_line_is_imported_without_boto3_or_moto() -> None:
    code = (
        "import qa.cli, sys; qa.cli.build_parser(); print({'boto3', 'botocore', 'moto'} & set(sys.modules))"
    )

    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert told.stdout == "set()\n"
