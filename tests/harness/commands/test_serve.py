"""`qa serve` hands its secret to its user and to nobody else."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.embedded.control import Control

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    file = tmp_path / "aws.env"
    file.write_text("somebody else's")
    file.chmod(0o644)
    return file


def exports(text: str) -> dict[str, str]:
    lines = (line.removeprefix("export ").partition("=") for line in text.splitlines() if "export " in line)
    return {name: value for name, _, value in lines}


def test_the_env_file_has_the_secret_its_owner_alone_can_read_it_and_the_terminal_shows_none(
    env_file: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--env-file", str(env_file)],
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    ) as serving:
        assert serving.stdout is not None
        shown = [serving.stdout.readline() for _ in range(4)]
        given = exports(env_file.read_text())
        health = Control(given["AWS_ENDPOINT_URL"], secret=given["AWS_SECRET_ACCESS_KEY"]).state()
        serving.send_signal(signal.SIGTERM)
        serving.communicate(timeout=60)

    assert (health["pid"], stat.S_IMODE(env_file.stat().st_mode)) == (serving.pid, 0o600)
    assert shown[3] == f"source {env_file}\n"
    assert given["AWS_SECRET_ACCESS_KEY"] not in "".join(shown)
    assert list(env_file.parent.iterdir()) == [env_file]


@pytest.mark.parametrize("origin", ["localhost:3000", "http://localhost:3000/page", "*", ""])
def test_what_is_no_origin_is_refused(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["serve", "--allow-origin", origin])

    assert f"{origin!r} is not an origin; expected scheme, host and port alone" in capsys.readouterr().err


def test_an_env_file_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "aws.env"
    folder.mkdir()

    serving = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--env-file", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (serving.returncode, serving.stdout, serving.stderr, list(tmp_path.iterdir())) == (
        2,
        "",
        f"qa serve: --env-file {str(folder)!r} cannot be written: Is a directory.\n",
        [folder],
    )
