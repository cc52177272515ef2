"""What a function tries and the kernel refuses, as inline code and as an uploaded package alike."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qa.embedded.lambda_.isolation import isolation
from qa.wait import until

from .processes import processes_with
from .stacks import deployed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .functions import Aws

pytestmark = pytest.mark.skipif(
    not isolation().is_by_kernel, reason="this kernel has no Landlock: functions are not confined by it"
)
needs_namespaces = pytest.mark.skipif(
    not isolation().namespaces, reason="this user may not make namespaces: run as root"
)
TRY = (
    "const fs = require('fs'); const net = require('net'); const os = require('os');"
    "const attempt = async (work) => { try { await work(); return 'done'; } catch (e) { return e.code; } };"
    "const connected = (to) => new Promise((done, fail) => {"
    "  const s = net.connect(to, () => { s.destroy(); done(); }); s.on('error', fail); });"
    "const listening = (at) => new Promise((done, fail) => {"
    "  const s = net.createServer().listen(at, () => { s.close(); done(); }); s.on('error', fail); });"
)


@pytest.fixture(params=["inline", "package"])
def function(request: pytest.FixtureRequest, aws: Aws) -> Callable[[str], str]:
    """Make a function of the text, as part of a template or as an uploaded package."""
    make = deployed if request.param == "inline" else type(aws).function
    return lambda source: make(aws, source)


def outcome(aws: Aws, name: str, event: object = None) -> object:
    """Return what the handler answered."""
    return aws.invoke(name, event)["Payload"]


DENIED = ("EACCES", "ERR_ACCESS_DENIED")
"""By the kernel, or by Node's permission model before it."""


def test_files_of_this_machine_cannot_be_read_by_path_or_by_link(
    aws: Aws, function: Callable[[str], str], tmp_path: Path
) -> None:
    secret = tmp_path / "credentials"
    secret.write_text("secret")
    name = function(
        f"{TRY} exports.handler = async (files) => {{ const seen = []; let n = 0;"
        "  for (const file of files) {"
        "  seen.push(await attempt(() => fs.readFileSync(file)));"
        "  const link = `${process.env.TMPDIR}/link${n++}`;"
        "  await attempt(() => fs.symlinkSync(process.env.TMPDIR, link));"
        "  const up = '/..'.repeat(30);"
        "  seen.push(await attempt(() => fs.readFileSync(link + up + file))); }"
        "  return seen; };"
    )

    seen = outcome(aws, name, ["/etc/passwd", str(secret), f"/proc/{os.getpid()}/environ"])

    assert isinstance(seen, list)
    assert (len(seen), set(seen) - set(DENIED)) == (6, set())


def test_nothing_outside_tmpdir_can_be_written_by_path_or_by_link(
    aws: Aws, function: Callable[[str], str], tmp_path: Path
) -> None:
    name = function(
        f"{TRY} exports.handler = async (folder) => {{"
        "  const tmp = process.env.TMPDIR; const up = '/..'.repeat(30);"
        "  await attempt(() => fs.symlinkSync(tmp, tmp + '/link'));"
        "  return [await attempt(() => fs.writeFileSync(tmp + '/own', '1')),"
        "    await attempt(() => fs.writeFileSync(folder + '/a', '1')),"
        "    await attempt(() => fs.writeFileSync(tmp + '/link' + up + folder + '/b', '1'))]; };"
    )

    own, *others = list(outcome(aws, name, str(tmp_path)))  # type: ignore[call-overload]  # JSON

    assert (own, set(others) - set(DENIED), list(tmp_path.iterdir())) == ("done", set(), [])


def test_only_the_endpoint_is_reached(aws: Aws, function: Callable[[str], str]) -> None:
    name = function(
        f"{TRY} exports.handler = async (port) => {{ const own = new URL(process.env.AWS_ENDPOINT_URL);"
        "  return [await attempt(() => connected({ host: own.hostname, port: own.port })),"
        "    await attempt(() => connected({ host: '127.0.0.1', port })),"
        "    await attempt(() => connected({ host: '192.0.2.1', port: 443 })),"
        "    await attempt(() => listening({ host: '0.0.0.0', port: 0 }))]; };"
    )

    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        reached = outcome(aws, name, other.getsockname()[1])

    assert reached == ["done", "EACCES", "EACCES", "EACCES"]


@needs_namespaces
def test_endpoints_port_on_another_machine_is_not_reached(aws: Aws, function: Callable[[str], str]) -> None:
    name = function(
        f"{TRY} exports.handler = async () => {{ const own = new URL(process.env.AWS_ENDPOINT_URL);"
        "  return attempt(() => connected({ host: '192.0.2.1', port: own.port })); };"
    )

    assert outcome(aws, name) == "ENETUNREACH"


def test_unix_sockets_and_datagrams_are_refused(
    aws: Aws, function: Callable[[str], str], tmp_path: Path
) -> None:
    name = function(
        f"{TRY} const sent = () => new Promise((done, fail) => {{"
        "  const s = require('dgram').createSocket('udp4'); s.on('error', fail);"
        "  s.send('x', 9, '127.0.0.1', (error) => error ? fail(error) : done()); });"
        "exports.handler = async (path) => [await attempt(() => connected({ path })), await attempt(sent)];"
    )
    path = tmp_path / "s"

    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(path))
        server.listen()
        reached = outcome(aws, name, str(path))

    assert isinstance(reached, list)
    assert set(reached) <= {*DENIED, "EPERM"}


def test_server_cannot_be_signalled(aws: Aws, function: Callable[[str], str]) -> None:
    name = function(f"{TRY} exports.handler = async (pid) => attempt(() => process.kill(pid, 0));")

    assert outcome(aws, name, os.getpid()) in {"ESRCH", "EPERM"}


def test_modes_and_times_of_files_cannot_be_changed(aws: Aws) -> None:
    name = aws.function(
        f"{TRY} exports.handler = async () => [await attempt(() => fs.chmodSync(__filename, 0o777)),"
        "  await attempt(() => fs.utimesSync(__filename, 1, 1)),"
        "  await attempt(() => fs.copyFileSync(__filename, process.env.TMPDIR + '/copy'))];"
    )

    assert outcome(aws, name) == ["EACCES", "EACCES", "done"]


DETACHED = (
    "const child = require('child_process')"
    "  .spawn('sleep', ['{mark}'], {{ detached: true, stdio: 'ignore' }});"
    "child.unref(); exports.handler = async (wait) => new Promise((done) => setTimeout(done, wait));"
)


def test_detached_child_ends_with_the_timeout(aws: Aws) -> None:
    name = aws.function(DETACHED.format(mark="61.2901"), Timeout=1)

    answer = aws.invoke(name, 60000)

    assert answer["Payload"]["errorType"] == "Sandbox.Timedout"
    until(lambda: processes_with("61.2901"), lambda left: not left, what="the detached child", within=5)


def test_detached_child_ends_with_its_function(aws: Aws) -> None:
    name = aws.function(DETACHED.format(mark="61.2902"))
    aws.invoke(name, 1)
    assert len(processes_with("61.2902")) == 1

    aws.client("lambda").delete_function(FunctionName=name)

    until(lambda: processes_with("61.2902"), lambda left: not left, what="the detached child", within=5)
