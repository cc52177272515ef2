"""The command line: exit codes, advice, and what it costs to import."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qa.cli import main
from qa.commands import COMMANDS
from qa.commands.terminal import READER_GONE, takes_colours

OLDER = "qa sweep: error: argument --older-than: invalid value '{}': expected a number of hours, 0 or more"


def test_without_a_command_the_help_is_printed_and_the_exit_code_is_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main([])

    assert (code, capsys.readouterr().out.startswith("usage: qa ")) == (2, True)


@pytest.mark.parametrize("arguments", [[], *([command.name] for command in COMMANDS)])
def test_help_fits_into_80_columns_with_examples_and_exit_codes(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])

    output = capsys.readouterr().out
    assert (ended.value.code, [line for line in output.splitlines() if len(line) > 80]) == (0, [])
    assert f"\nexamples:\n  qa {' '.join(arguments)}" in output
    assert "\nexit codes:\n  0 " in output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("deplo", "qa: error: there is no command 'deplo'. Did you mean 'deploy'?"),
        (
            "frobnicate",
            (
                "qa: error: there is no command 'frobnicate'. There are: init, check, graph, verify, deploy, "
                "outputs, destroy, sweep, serve, doctor, setup, completion."
            ),
        ),
        ("sweep --dryrun", "qa sweep: error: there is no option '--dryrun'. Did you mean '--dry-run'?"),
        ("deploy --sufix=a", "qa deploy: error: there is no option '--sufix=a'. Did you mean '--suffix'?"),
        ("--loud", "qa: error: there is no option '--loud'. There are: --version, --help."),
        ("doctor now", "qa doctor: error: unexpected argument 'now'."),
        ("sweep --older-than nan", OLDER.format("nan")),
        ("sweep --older-than -1", OLDER.format("-1")),
        ("sweep --older-than 1e300", OLDER.format("1e300")),
        ("sweep --older-than soon", OLDER.format("soon")),
        (
            "serve --table-lag inf",
            (
                "qa serve: error: argument --table-lag: invalid value 'inf': expected a number of seconds, "
                "0 or more"
            ),
        ),
        (
            "serve --alarm-interval 0",
            (
                "qa serve: error: argument --alarm-interval: invalid value '0': expected a number of "
                "seconds above 0"
            ),
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_nearest(
    words: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())

    assert (ended.value.code, capsys.readouterr().err.splitlines()[-1]) == (2, message)


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
            _, output = command.communicate(timeout=30)

    assert (command.returncode, output) == (
        130,
        "qa deploy: interrupted. What CloudFormation has begun goes on there; the same command continues.\n",
    )


def test_the_command_line_is_imported_without_boto3_or_moto() -> None:
    code = (
        "import qa.cli, qa.commands.parser, sys; qa.commands.parser.build_parser(); "
        "print({'boto3', 'botocore', 'moto'} & set(sys.modules))"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=300
    )

    assert result.stdout == "set()\n"


@pytest.mark.parametrize("words", ["doctor", "check --list-rules", "doctor --json"])
def test_a_reader_that_goes_ends_a_command_without_a_word(words: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with os.fdopen(theirs, "w") as unread:
        done = subprocess.run(
            [sys.executable, "-m", "qa", *words.split()],
            stdout=unread,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (READER_GONE, "")


@pytest.mark.parametrize("words", ["doctor", "check --list-rules"])
def test_a_full_disk_under_the_output_is_told_in_one_line(words: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "qa", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (
        2,
        f"qa {words.split(maxsplit=1)[0]}: No space left on device\n",
    )


@pytest.mark.parametrize("words", ["doctor", "check --list-rules"])
def test_a_closed_output_takes_everything(words: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m qa {words} >&-', sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_the_output_fits_every_locale(locale: str) -> None:
    """-X utf8=0 keeps Python from helping itself, as it does in some versions."""
    environ = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    done = subprocess.run(
        [sys.executable, "-m", "qa", "check", "--explain", "circular-dependency"],
        env=environ,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("environ", "takes"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"TERM": "xterm"}, True)],
    ids=["nothing said", "NO_COLOR", "dumb", "xterm"],
)
def test_colours_are_for_terminals_that_show_them_to_people_who_want_them(
    environ: dict[str, str], *, takes: bool
) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, os.fdopen(ours, "rb"):
        assert takes_colours(terminal, environ) is takes
