"""What a run writes down is for its owner alone, whatever the umask says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from qa.private import make_private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_file_of_a_run_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "qa-1"
    make_private_folder(folder)
    (folder / "run.json").write_text("what others could read")

    write_private(folder / "run.json", "{}\n")

    assert {each.name: oct(each.stat().st_mode & 0o777) for each in (folder, *folder.iterdir())} == {
        "qa-1": "0o700",
        "run.json": "0o600",
    }
    assert (folder / "run.json").read_text() == "{}\n"
