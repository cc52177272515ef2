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
    from qa.embedded.lambda_ import landlock
    from qa.embedded.lambda_.runtime_api import RuntimeApi
    from qa.embedded.lambda_.spawner import Program, Spawner
    from qa.embedded.lambda_.toolchain import node_executable

    home, node = Path(sys.argv[1]), node_executable()
    (home / "loop.js").write_text("for (;;);")
    started = Spawner().start(Program(command=[str(node), str(home / "loop.js")], variables={}, folder=home,
        log=home / "log", paths={node: landlock.RUN, home: landlock.OWN}, runtime_api=RuntimeApi(),
        endpoint="http://127.0.0.1:4566"))
    print(started.process.pid, flush=True)
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
