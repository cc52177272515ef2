"""Ports that are taken, Node that is absent, registries that do not answer."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NOBODY = "http://127.0.0.1:9"


@pytest.mark.parametrize("option", ["--port", "--insecure-port"])
def test_a_port_that_is_taken_is_named_and_the_exit_code_is_2(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "qa", "serve", option, str(port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert (done.returncode, done.stderr) == (
        2,
        (
            f"qa serve: port {port} on 127.0.0.1 cannot be listened on: Address already in use. "
            "Leave the port out to take a free one.\n"
        ),
    )


def test_a_port_that_is_none_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", "99999"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (
        2,
        "qa serve: port 99999 is none: ports go to 65535, and 0 takes a free one.\n",
    )


@pytest.mark.parametrize("home", ["/dev/null", None], ids=["no home to write to", "a home"])
def test_a_registry_for_node_that_does_not_answer_is_named_and_leaves_nothing(
    tmp_path: Path, home: str | None
) -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if name.lower() != "npm_config_cache"},
        "HOME": home or str(tmp_path),
        "npm_config_registry": NOBODY,
        "npm_config_fetch_retries": "0",
    }

    done = subprocess.run(
        [sys.executable, "-m", "qa.embedded.lambda_.toolchain", "--into", str(tmp_path / "node")],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 2
    assert done.stderr.startswith(
        "Node and the AWS SDK for Lambda functions could not be installed: `npm ci` ended with "
    )
    assert f"npm http fetch GET {NOBODY}/" in done.stderr
    assert "attempt 1 failed with ECONNREFUSED\n" in done.stderr
    assert done.stderr.endswith(
        "Is the npm registry reachable (npm_config_registry, HTTPS_PROXY; a company's certificate: "
        "NODE_EXTRA_CA_CERTS)? Then run `make setup` again.\n"
    )
    assert list((tmp_path / "node").iterdir()) == []


def test_serve_says_at_once_where_it_listens_also_to_a_pipe() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "serve"], env=environ, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        first = serving.stdout.readline()
        serving.send_signal(signal.SIGINT)
        rest = serving.stdout.read()

    assert (first.startswith("The embedded AWS answers at http://127.0.0.1:"), serving.returncode) == (
        True,
        0,
    )
    assert "Then, in that shell: qa deploy --target endpoint\n" in rest


def test_a_package_registry_that_does_not_answer_ends_set_up_with_what_to_do(tmp_path: Path) -> None:
    for name in (
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
        "qa/embedded/lambda_/package-lock.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))} | {
        "PIP_INDEX_URL": NOBODY,
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
        "PIP_CONFIG_FILE": os.devnull,
    }

    done = subprocess.run(
        ["make", "setup", f"PYTHON={sys.executable}"],  # noqa: S607 - whichever make runs this project
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert done.returncode == 2
    assert (
        "qa: the packages of requirements.lock could not be installed. Is the Python package registry "
        "reachable (pip config list, HTTPS_PROXY)? Then run `make setup` again.\n"
    ) in done.stdout
    assert not (tmp_path / ".venv/.set-up").exists()
