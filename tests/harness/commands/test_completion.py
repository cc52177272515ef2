"""`qa completion`: real shells complete qa's commands and options with it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.commands import COMMANDS
from qa.commands.completion import SHELLS

if TYPE_CHECKING:
    from pathlib import Path

COMPLETE = """
source {script}
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
$(complete -p qa | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def completed(script: Path, *words: str) -> set[str]:
    """Return what bash offers for the last of the words."""
    typed = " ".join(f"'{word}'" for word in words)
    run = ["bash", "-c", COMPLETE.format(script=script, words=typed)]
    return set(subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout.split())


@pytest.fixture
def script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completion", "bash"]) == 0
    path = tmp_path / "qa.bash"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def test_bash_completes_every_command(script: Path) -> None:
    assert completed(script, "qa", "") >= {command.name for command in COMMANDS}


def test_bash_completes_the_options_of_a_command(script: Path) -> None:
    assert completed(script, "qa", "check", "--list") == {"--list-rules"}


def test_bash_completes_the_values_of_an_option(script: Path) -> None:
    assert completed(script, "qa", "completion", "z") == {"zsh"}


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_of_the_shell(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out, encoding="utf-8")

    assert "doctor" in script.read_text(encoding="utf-8")
    if program := shutil.which(shell):
        subprocess.run([program, "-n", str(script)], check=True, capture_output=True, timeout=60)
