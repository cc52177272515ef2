"""Node and the SDK are found, installed once, or missed by name."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from qa.embedded.lambda_ import toolchain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test's own."""
    monkeypatch.setenv(toolchain.CACHE_VARIABLE, str(tmp_path))
    toolchain.find.cache_clear()
    yield tmp_path
    toolchain.find.cache_clear()


def test_missing_sdk_says_where_it_was_looked_for_and_how_to_get_it(elsewhere: Path) -> None:
    with pytest.raises(toolchain.ToolchainError) as missing:
        toolchain.find()

    home = elsewhere / toolchain.lock_digest()
    assert str(missing.value) == f"no AWS SDK for Lambda functions in {home}. Run `make setup`."


def test_installed_sdk_is_found_without_npm(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "_npm_ci", lambda _: pytest.fail("npm was called"))
    modules = elsewhere / toolchain.lock_digest() / "node_modules"
    modules.mkdir(parents=True)

    assert (toolchain.install(), toolchain.find().node_modules) == (toolchain.find(), modules.resolve())


def test_second_of_two_setups_at_once_leaves_the_first_ones_folder(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = elsewhere / toolchain.lock_digest()

    def npm_of_the_slower_one(staging: Path) -> None:
        (staging / "node_modules").mkdir()
        shutil.copytree(staging, home)
        (home / "first").touch()

    monkeypatch.setattr(toolchain, "_npm_ci", npm_of_the_slower_one)

    toolchain.install()

    assert [path.name for path in elsewhere.iterdir()] == [home.name]
    assert (home / "first").is_file()


def test_lock_file_names_no_host() -> None:
    manifest, lock, npmrc = (file.read_text() for file in toolchain.PROJECT_FILES)

    assert not re.findall(r'"resolved"|https?://', manifest + npmrc)
    assert not [p for p in json.loads(lock)["packages"].values() if "resolved" in p]
