"""What a function has started ends with its environment where this user may make no namespaces."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from qa.embedded.lambda_ import confinement, sandbox, spawner
from qa.embedded.lambda_.isolation import isolation
from qa.embedded.lambda_.system_calls import prctl
from qa.wait import until

from .processes import processes_with
from .stacks import deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .functions import Aws

pytestmark = pytest.mark.skipif(not isolation().orphans, reason="this system lets no orphans be found")
_PR_SET_CHILD_SUBREAPER = 36

# two forks and sessions between: neither a parent, nor a group, nor the environment's variables are left
ORPHAN = (
    "const {{ spawn, spawnSync }} = require('child_process');"
    "const script = 'ulimit -q 1 2>/dev/null; setsid env -i setsid sleep {mark} &';"
    "spawnSync('setsid', ['bash', '-c', script], {{ stdio: 'ignore', detached: true }});"
    "exports.handler = async (wait) => new Promise((done) => setTimeout(done, wait));"
)


@pytest.fixture(params=["inline", "package"])
def function(
    request: pytest.FixtureRequest, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], str]]:
    """Functions without namespaces and without Node's permission model."""
    here = dataclasses.replace(isolation(), namespaces=False)
    monkeypatch.setattr(spawner, "isolation", lambda: here)
    monkeypatch.setattr(confinement, "isolation", lambda: here)
    monkeypatch.setattr(sandbox, "_permissions", lambda *_: [])
    yield aws.function if request.param == "package" else lambda source: deployed(aws, source)
    aws.world.reset()
    prctl(_PR_SET_CHILD_SUBREAPER, 0)  # this process runs other tests, too


def test_orphan_ends_with_the_timeout(aws: Aws, function: Callable[[str], str]) -> None:
    mark = f"62.{uuid4().int % 10**9:09}"
    name = function(ORPHAN.format(mark=mark))
    aws.client("lambda").update_function_configuration(FunctionName=name, Timeout=3)
    aws.invoke(name, 1)
    until(lambda: processes_with(mark), accept=bool, what="the orphan", within=30)

    answer = aws.invoke(name, 60000)

    assert answer["Payload"]["errorType"] == "Sandbox.Timedout"
    assert processes_with(mark) == []


def test_orphan_ends_with_its_function_and_no_other(aws: Aws, function: Callable[[str], str]) -> None:
    marks = [f"62.{uuid4().int % 10**9:09}" for _ in range(2)]
    names = [function(ORPHAN.format(mark=mark)) for mark in marks]
    for name, mark in zip(names, marks, strict=True):
        aws.invoke(name, 1)
        until(lambda mark=mark: processes_with(mark), accept=bool, what="the orphan", within=30)  # type: ignore[misc]

    aws.client("lambda").delete_function(FunctionName=names[0])

    until(lambda: processes_with(marks[0]), lambda left: not left, what="the orphan", within=30)
    assert len(processes_with(marks[1])) == 1


def test_number_that_tells_whose_a_process_is_cannot_be_changed(
    aws: Aws, function: Callable[[str], str]
) -> None:
    name = function(
        "const { spawnSync } = require('child_process');"
        "const limit = () => spawnSync('bash', ['-c', 'ulimit -Sq'], { encoding: 'utf8' }).stdout;"
        "exports.handler = async () => { const before = limit();"
        "  const change = spawnSync('bash', ['-c', 'ulimit -Sq 4000 || ulimit -Hq 4000; ulimit -Sq'],"
        "    { encoding: 'utf8' });"
        "  return [before !== '', change.stdout === before]; };"
    )

    assert aws.invoke(name)["Payload"] == [True, True]
