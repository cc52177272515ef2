"""Node and the SDK are found, installed once, or missed by name."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.embedded.lambda_ import toolchain
from qa.embedded.lambda_.runtimes import RUNTIMES

if TYPE_CHECKING:
    from collections.abc import Iterator


PLATFORMS = ("darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64")
KILLED = """
import os, signal
from qa.embedded.lambda_ import toolchain

toolchain._npm_ci = lambda _: os.kill(os.getpid(), signal.SIGKILL)
toolchain.install()
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test's own."""
    monkeypatch.setenv(toolchain.CACHE_VARIABLE, str(tmp_path))
    toolchain.find.cache_clear()
    yield tmp_path / "lambda"
    toolchain.find.cache_clear()


def npm_of_this_platform(staging: Path) -> None:
    """Write what npm installs, with files of a package that nobody needs."""
    for each in RUNTIMES.values():
        package = staging / "node_modules" / f"{each.alias}-{toolchain.platform_name()}"
        (package / "bin").mkdir(parents=True)
        (package / "bin" / "node").write_text(each.alias)
        (package / "CHANGELOG.md").touch()


def test_missing_sdk_says_where_it_was_looked_for_and_how_to_get_it(elsewhere: Path) -> None:
    with pytest.raises(toolchain.ToolchainError) as missing:
        toolchain.find()

    home = elsewhere / toolchain.lock_digest()
    assert str(missing.value) == f"no Node and AWS SDK for Lambda functions in {home}. Run `make setup`."


def test_only_the_binary_of_each_node_is_kept_and_found_by_its_runtime(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "_npm_ci", npm_of_this_platform)

    toolchain.install()

    home = elsewhere.resolve() / toolchain.lock_digest()
    assert {runtime: toolchain.find(runtime).node.read_text() for runtime in RUNTIMES} == {
        "nodejs22.x": "node22",
        "nodejs24.x": "node24",
    }
    kept = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert kept == {
        *(file.name for file in toolchain.PROJECT_FILES),
        "node22/bin/node",
        "node24/bin/node",
    }


def test_installed_toolchain_is_found_without_npm(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toolchain, "_npm_ci", npm_of_this_platform)
    first = toolchain.install()
    monkeypatch.setattr(toolchain, "_npm_ci", lambda _: pytest.fail("npm was called"))

    assert (toolchain.install(), toolchain.find()) == (first, first)
    assert first.node.is_relative_to(elsewhere.resolve())


def test_second_of_two_setups_at_once_waits_and_takes_the_first_ones_folder(
    elsewhere: Path,
) -> None:
    calls = elsewhere.parent / "calls"
    calls.mkdir()
    slow = (
        "import sys, tempfile\n"
        "from tests.harness.embedded.lambda_ import test_toolchain as t\n"
        "def npm(staging):\n"
        f"    tempfile.mkstemp(dir={str(calls)!r})\n"
        "    sys.stdin.readline()\n"
        "    t.npm_of_this_platform(staging)\n"
        "t.toolchain._npm_ci = npm\n"
        "t.toolchain.install()\n"
    )
    root = Path(__file__).parents[4]
    with _started(slow, root) as one, _started(slow, root) as two:
        for each in (one, two):
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        one.wait(timeout=60)
        two.wait(timeout=60)

    assert (one.returncode, two.returncode) == (0, 0)
    assert len(list(calls.iterdir())) == 1
    assert [path.name for path in elsewhere.iterdir()] == [toolchain.lock_digest()]


def _started(source: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", source],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )


def test_set_up_that_was_killed_leaves_nothing_to_the_next(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED], check=False, timeout=60)
    left = [path.name.startswith(".installing-") for path in elsewhere.iterdir()]
    monkeypatch.setattr(toolchain, "_npm_ci", npm_of_this_platform)

    toolchain.install()

    assert (killed.returncode, left) == (-signal.SIGKILL, [True])
    assert [path.name for path in elsewhere.iterdir()] == [toolchain.lock_digest()]


def test_node_that_npm_left_out_without_a_word_is_named_and_nothing_is_kept(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "_npm_ci", lambda staging: (staging / "node_modules").mkdir())

    with pytest.raises(toolchain.ToolchainError) as missing:
        toolchain.install()

    assert str(missing.value) == (
        f"npm installed no package node22-{toolchain.platform_name()}, the Node of nodejs22.x for this "
        "platform. Is it in package.json, and is the npm registry reachable? Then run `make setup` again."
    )
    assert list(elsewhere.iterdir()) == []


def test_cache_that_cannot_be_written_names_the_variable_that_moves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(toolchain.CACHE_VARIABLE, str(tmp_path / "file"))

    with pytest.raises(toolchain.ToolchainError) as refused:
        toolchain.install()

    assert str(refused.value) == (
        f"Node for Lambda functions could not be installed in {tmp_path.resolve() / 'file' / 'lambda'}: "
        "Not a directory. Set QA_CACHE to a folder that can be written, then run `make setup` again."
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps caches in ~/Library/Caches")
@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        pytest.param({"QA_CACHE": "/q", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/q/lambda", id="chosen"),
        pytest.param({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/qa/lambda", id="XDG"),
        pytest.param({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/qa/lambda", id="a relative XDG"),
        pytest.param({"HOME": "/h"}, "/h/.cache/qa/lambda", id="home"),
    ],
)
def test_toolchains_lie_in_the_users_cache(
    environ: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QA_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert toolchain.cache_folder() == Path(folder)


def test_every_platform_of_every_runtime_is_in_the_lock_with_its_integrity() -> None:
    manifest, lock = (json.loads(file.read_text()) for file in toolchain.PROJECT_FILES[:2])
    named = {f"{runtime.alias}-{name}" for runtime in RUNTIMES.values() for name in PLATFORMS}

    locked = {
        name: lock["packages"].get(f"node_modules/{name}", {}) for name in manifest["optionalDependencies"]
    }

    assert set(locked) == named
    assert {name: f"npm:{each['name']}@{each['version']}" for name, each in locked.items()} == (
        manifest["optionalDependencies"]
    )
    assert {name: f"{each['os']}-{each['cpu']}" for name, each in locked.items()} == {
        name: name.partition("-")[2] for name in named
    }
    assert [name for name, each in locked.items() if not each["integrity"].startswith("sha512-")] == []


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_installed_node_is_of_its_runtime_and_the_version_of_the_lock(runtime: str) -> None:
    manifest = json.loads(toolchain.PROJECT_FILES[0].read_text())
    pinned = manifest["optionalDependencies"][f"{RUNTIMES[runtime].alias}-{toolchain.platform_name()}"]

    result = subprocess.run(
        [toolchain.node_executable(runtime), "--version"], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == f"v{pinned.rpartition('@')[2]}"
    assert runtime.removesuffix(".x") == f"nodejs{result.stdout[1:3]}"


def test_lock_file_names_no_host() -> None:
    manifest, lock, npmrc = (file.read_text() for file in toolchain.PROJECT_FILES)

    assert not re.findall(r'"resolved"|https?://', manifest + npmrc)
    assert not [p for p in json.loads(lock)["packages"].values() if "resolved" in p]
