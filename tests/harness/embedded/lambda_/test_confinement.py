"""What a function tries and the kernel refuses, as inline code and as an uploaded package alike."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from qa.embedded.lambda_ import sandbox
from qa.embedded.lambda_.isolation import isolation
from qa.wait import until

from .processes import processes_with
from .stacks import deployed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .functions import Aws

pytestmark = pytest.mark.skipif(
    not isolation().is_by_kernel, reason="this kernel has no Landlock: functions are not confined by it"
)
needs_namespaces = pytest.mark.skipif(
    not isolation().namespaces, reason="this user may not make namespaces: run as root"
)
BY_KERNEL = frozenset({"EACCES", "EPERM"})
TRY = (
    "const fs = require('fs'); const net = require('net'); const os = require('os');"
    "const attempt = async (work) => { try { await work(); return 'done'; } catch (e) { return e.code; } };"
    "const connected = (to) => new Promise((done, fail) => {"
    "  const s = net.connect(to, () => { s.destroy(); done(); }); s.on('error', fail); });"
    "const listening = (at) => new Promise((done, fail) => {"
    "  const s = net.createServer().listen(at, () => { s.close(); done(); }); s.on('error', fail); });"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes functions of a text, and knows which refusals prove what confines them."""

    make: Callable[[str], str]
    denied: frozenset[str]

    def __call__(self, source: str) -> str:
        """Return the name of a function of this text."""
        return self.make(source)


@pytest.fixture(params=["inline", "package"])
def bare(request: pytest.FixtureRequest, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Functions that nothing but the kernel confines: Node's permission model is taken away."""
    return confined_by_kernel(aws, request.param, monkeypatch)


@pytest.fixture(params=["inline", "package", "inline with Node's permission model"])
def function(request: pytest.FixtureRequest, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Functions as part of a template or uploaded, by the kernel alone and as they are."""
    if request.param in {"inline", "package"}:
        return confined_by_kernel(aws, request.param, monkeypatch)
    return Maker(make=lambda source: deployed(aws, source), denied=BY_KERNEL | {"ERR_ACCESS_DENIED"})


def confined_by_kernel(aws: Aws, kind: str, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Return the maker of functions that Node itself lets do everything."""
    monkeypatch.setattr(sandbox, "_permissions", lambda *_: [])
    make = aws.function if kind == "package" else lambda source: deployed(aws, source)
    return Maker(make=make, denied=BY_KERNEL)


def outcome(aws: Aws, name: str, event: object = None) -> object:
    """Return what the handler answered."""
    return aws.invoke(name, event)["Payload"]


def test_files_of_this_machine_cannot_be_read_by_path_or_by_link(
    aws: Aws, function: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    secret = Path.home() / ".aws" / "credentials"
    secret.parent.mkdir()
    secret.write_text("secret")
    name = function(
        f"{TRY} exports.handler = async (files) => {{ const seen = {{}}; let n = 0;"
        "  const tmp = process.env.TMPDIR; const up = '/..'.repeat(30);"
        "  for (const file of files) { const link = `${tmp}/link${n++}`;"
        "  seen[file] = [await attempt(() => fs.readFileSync(file)),"
        "    await attempt(() => { fs.symlinkSync(tmp, link); fs.readFileSync(link + up + file); }),"
        "    await attempt(() => { fs.symlinkSync(file, link + 'abs'); fs.readFileSync(link + 'abs'); })]; }"
        "  return seen; };"
    )
    files = ["/etc/passwd", str(secret), f"/proc/{os.getpid()}/environ"]

    seen = outcome(aws, name, files)

    assert isinstance(seen, dict)
    assert {file: (len(codes), set(codes) - function.denied) for file, codes in seen.items()} == {
        file: (3, set()) for file in files
    }


def test_nothing_outside_tmpdir_can_be_written_by_path_or_by_link(
    aws: Aws, function: Maker, tmp_path: Path
) -> None:
    name = function(
        f"{TRY} exports.handler = async (folder) => {{"
        "  const tmp = process.env.TMPDIR; const up = '/..'.repeat(30);"
        "  const write = (file) => fs.writeFileSync(file, '1');"
        "  return [await attempt(() => write(tmp + '/own')), await attempt(() => write(folder + '/a')),"
        "    await attempt(() => { fs.symlinkSync(tmp, tmp + '/l');"
        "      write(tmp + '/l' + up + folder + '/b'); }),"
        "    await attempt(() => { fs.symlinkSync(folder, tmp + '/abs'); write(tmp + '/abs/c'); })]; };"
    )

    own, *others = list(outcome(aws, name, str(tmp_path)))  # type: ignore[call-overload]  # JSON

    written = [entry.name for entry in tmp_path.iterdir()]
    assert (own, len(others), set(others) - function.denied, written) == ("done", 3, set(), [])


def test_only_the_endpoint_is_reached(aws: Aws, function: Maker) -> None:
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
def test_endpoints_port_on_another_machine_is_not_reached(aws: Aws, function: Maker) -> None:
    name = function(
        f"{TRY} exports.handler = async () => {{ const own = new URL(process.env.AWS_ENDPOINT_URL);"
        "  return attempt(() => connected({ host: '192.0.2.1', port: own.port })); };"
    )

    assert outcome(aws, name) == "ENETUNREACH"


def test_unix_sockets_and_datagrams_are_refused(aws: Aws, function: Maker, tmp_path: Path) -> None:
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
    assert (len(reached), set(reached) - function.denied) == (2, set())


def test_server_cannot_be_signalled(aws: Aws, function: Maker) -> None:
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


def test_detached_child_ends_with_the_timeout(aws: Aws, bare: Maker) -> None:
    mark = f"61.{uuid4().int % 10**9:09}"
    name = bare(DETACHED.format(mark=mark))
    aws.client("lambda").update_function_configuration(FunctionName=name, Timeout=3)
    aws.invoke(name, 1)
    assert len(processes_with(mark)) == 1

    answer = aws.invoke(name, 60000)

    assert answer["Payload"]["errorType"] == "Sandbox.Timedout"
    until(lambda: processes_with(mark), lambda left: not left, what="the detached child", within=30)


def test_detached_child_ends_with_its_function(aws: Aws, bare: Maker) -> None:
    mark = f"61.{uuid4().int % 10**9:09}"
    name = bare(DETACHED.format(mark=mark))
    aws.invoke(name, 1)
    assert len(processes_with(mark)) == 1

    aws.client("lambda").delete_function(FunctionName=name)

    until(lambda: processes_with(mark), lambda left: not left, what="the detached child", within=30)
