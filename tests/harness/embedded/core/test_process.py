"""A server that is a process of its own: it starts, it answers, and it never outlives its parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from qa.embedded.process import EmbeddedError, start_embedded
from qa.embedded.server import SCRATCH_PREFIX, remove_dead_scratch
from qa.embedded.settings import Settings
from qa.wait import until

PARENT = """
import sys
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings

process = start_embedded(Settings())
print(process.pid, flush=True)
sys.stdin.read()
"""


def is_running(pid: int) -> bool:
    """A zombie no longer runs; only its parent's wait is missing."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def scratch_folders(pid: int) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}{pid}-*"))


def test_a_stopped_server_leaves_no_process_port_or_folder() -> None:
    process = start_embedded(Settings())
    port = int(process.endpoint.rpartition(":")[2])
    assert len(scratch_folders(process.pid)) == 1

    process.stop()

    assert not is_running(process.pid)
    assert scratch_folders(process.pid) == []
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


def test_two_servers_run_at_once_on_ports_of_their_own() -> None:
    first, second = start_embedded(Settings()), start_embedded(Settings())
    try:
        endpoints = {first.endpoint, first.insecure_endpoint, second.endpoint, second.insecure_endpoint}
        assert len(endpoints) == 4
    finally:
        first.stop()
        second.stop()


def test_a_port_in_use_is_said_and_leaves_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(EmbeddedError) as raised:
            start_embedded(Settings(port=port))

    assert f"port {port} on 127.0.0.1 cannot be listened on" in str(raised.value)
    assert "Leave the port out to take a free one." in str(raised.value)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
def test_the_server_ends_when_its_parent_dies(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        server_pid = int(parent.stdout.readline())
        assert is_running(server_pid)

        os.kill(parent.pid, number)

    until(lambda: is_running(server_pid), lambda runs: not runs, what="the server's process", within=10.0)
    until(lambda: scratch_folders(server_pid), lambda left: left == [], what="its folder", within=10.0)


def test_the_folder_of_a_killed_server_is_removed_by_the_next_one() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    folder = Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{dead.pid}-"))

    remove_dead_scratch()

    assert not folder.exists()


def test_aws_settings_of_the_shell_do_not_reach_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-a-person")
    process = start_embedded(Settings())
    try:
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    finally:
        process.stop()

    assert b"of-a-person" not in environment


def test_serve_prints_the_endpoint_and_the_exports_and_ends_by_ctrl_c() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "serve"], stdout=subprocess.PIPE, text=True, env={**os.environ}
    ) as serve:
        assert serve.stdout is not None
        lines = [serve.stdout.readline() for _ in range(9)]
        serve.send_signal(signal.SIGINT)
        try:
            assert serve.wait(20) == 0
        finally:
            serve.kill()

    endpoint = lines[0].split()[5]
    assert endpoint.startswith("http://127.0.0.1:")
    assert lines[0] == f"The embedded AWS answers at {endpoint} (as if by TLS)\n"
    assert f"export AWS_ENDPOINT_URL={endpoint}\n" in lines
    assert "Then, in that shell: qa deploy --target endpoint\n" in lines
