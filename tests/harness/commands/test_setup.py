"""`qa setup`: Node and its SDK, once per user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.cli import main
from qa.embedded.lambda_.toolchain import CACHE_VARIABLE, find, lock_digest

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_installed_stays_and_its_place_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setup"]) == 0
    assert capsys.readouterr().out == f"Node and its AWS SDK are in {find().node_modules.parent}\n"


def test_a_cache_that_is_a_file_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))

    assert main(["setup"]) == 2
    assert capsys.readouterr().err == (
        f"qa setup: Node for Lambda functions could not be installed in {tmp_path}/cache/lambda: "
        "Not a directory. Set QA_CACHE to a folder that can be written, then run `make setup` again.\n"
    )
    assert not (tmp_path / lock_digest()).exists()
