"""Functions die with the server, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

from qa.wait import until

from .processes import is_running

if TYPE_CHECKING:
    from pathlib import Path

SERVER = textwrap.dedent(
    """
    import sys, threading
    from pathlib import Path
    from qa.embedded.lambda_ import sandbox
    from qa.embedded.lambda_.functions import FunctionSpec

    home = Path(sys.argv[1])
    (home / "loop.js").write_text("for (;;);")
    spec = FunctionSpec(account_id="123456789012", region="us-east-1", name="loop", version="$LATEST",
        runtime="nodejs22.x", handler="index.handler", role_arn="", timeout=60, memory_size=128,
        storage_size=512, log_group="", variables=(), is_inline=False, code_sha256="", code=b"")
    folders = sandbox.Folders(task=home, tmp=home, log=home / "log", compile_cache=home)
    from qa.embedded.lambda_.toolchain import node_executable
    command = [*sandbox.dying_with_parent(), str(node_executable()), str(home / "loop.js")]
    process = sandbox.Spawner().start(command, {}, spec, folders)
    print(process.pid, flush=True)
    threading.Event().wait()
    """
)


def test_looping_function_dies_when_its_server_is_killed(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    with server, server.stdout:
        function = int(server.stdout.readline())
        os.kill(server.pid, signal.SIGKILL)

    until(lambda: is_running(function), lambda running: not running, what=f"process {function}", within=5)
