"""A short part of the campaign, and that the campaign sees what it is there to see."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.harness.fuzz import campaign, judge
from tests.harness.fuzz.campaign import Settings, run
from tests.harness.fuzz.given import Given, read_back, save
from tests.harness.fuzz.inputs import made
from tests.harness.fuzz.judge import CHECK_FORMS, GRAPH_FORMS, judged
from tests.harness.fuzz.outputs import faults
from tests.harness.fuzz.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GIVEN = Given(kind="raw", name="t.json", content=b"{}")
WORD = {
    "number": 0,
    "kind": "raw",
    "codes": [0, 2],
    "slowest": 0.5,
    "cpu": 1.0,
    "memory": 2048,
    "failures": [],
}
TELLING = f"""
import json, os, sys, threading
first = int(sys.argv[sys.argv.index("--first") + 1])
open(os.path.join(sys.argv[-1], "t.json"), "w").write("the input")
print(json.dumps({{**{WORD!r}, "number": first}}), flush=True)
"""


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_no_input_of_the_first_breaks_a_command(first: int, tmp_path: Path) -> None:
    given = [made("test", number) for number in range(first, first + 10)]
    forms = (CHECK_FORMS[first // 10 % len(CHECK_FORMS)], GRAPH_FORMS[first // 10 % len(GRAPH_FORMS)])

    failures = [failure for each in given for failure in judged(each, tmp_path, forms).failures]

    assert ({each.kind for each in given}, failures) == ({"raw", "mutant", "wired", "bomb"}, [])


def test_an_input_is_made_again_by_its_number() -> None:
    assert [made("a", number) for number in range(20)] == [made("a", number) for number in range(20)]
    assert made("a", 0) != made("b", 0)


def test_an_input_is_kept_whole(tmp_path: Path) -> None:
    given = Given(kind="raw", name="t.yaml", content=b"\xff\x00", options=("--parameter", "A=\x1b"))

    save(given, tmp_path / "find")

    assert read_back(tmp_path / "find") == given


def failing() -> int:
    """Break as a command must not."""
    raise KeyError("x")


def saying(text: str, *, code: int = 0, to: str = "stdout") -> Callable[[], int]:
    """Return a command that writes a text and ends with a code."""

    def say() -> int:
        getattr(sys, to).write(text)
        return code

    return say


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (failing, "uncaught: KeyError in nowhere in qa: \"'x'\""),
        (saying("", code=3), "exit: code 3"),
        (saying("\x1b[2J", code=1, to="stderr"), "stderr: the character '\\x1b' reaches the terminal"),
        (saying("", code=2), "stderr: refused without a reason"),
        (saying("{"), "json: cannot be read: JSONDecodeError"),
    ],
    ids=["exception", "exit code", "control character", "no reason", "no JSON"],
)
def test_what_a_command_must_not_do_is_seen(
    command: Callable[[], int], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "main", lambda _: command())

    (failure,) = judged(GIVEN, tmp_path, ["json"]).failures

    assert failure.startswith(found)


def test_a_slow_command_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "main", lambda _: saying("[]")())
    monkeypatch.setattr(judge, "LONGEST", -1.0)

    assert judged(GIVEN, tmp_path, ["json"]).failures == ("slow: check --format json took 0.0 s of CPU time",)


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("text", f"  fix     {'word ' * 20}\n", "text: a line of 110 characters could be broken"),
        ("text", f"  7 | {'x' * 80}\n", "text: a line of 86 characters could be broken"),
        ("text", "a\x9bb", "text: the character '\\x9b' reaches the terminal"),
        ("json", '[{"rule": "x", "line": 1, "column": 1}]', "json: not a finding"),
        ("line", "t.json: error: x\n", "line: not a line of it: 't.json: error: x'"),
        ("github", "::error file=a::b\n", "github: not a line of it: '::error file=a::b'"),
        ("dot", 'digraph "a" {\n  n0 [label="a"b"];\n}\n', "dot: not a line of it"),
        ("mermaid", 'flowchart LR\n  n0["a"b"]\n', "mermaid: not a line of it"),
        ("svg", "<html/>", "svg: no picture"),
    ],
    ids=[
        "wrapping",
        "quoted line",
        "control",
        "fields",
        "place",
        "command",
        "dot quote",
        "mermaid quote",
        "no svg",
    ],
)
def test_an_output_that_is_not_of_its_form_is_seen(form: str, text: str, found: str) -> None:
    (fault,) = faults(form, text)

    assert fault.startswith(found)


def test_sarif_without_its_members_is_seen() -> None:
    rules = [{"id": "a"}, {"id": "b"}]
    place = {"artifactLocation": {"uri": "t.json"}, "region": {"startLine": 0, "startColumn": 1}}
    result = {
        "ruleId": "a",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "x"},
        "locations": [{"physicalLocation": place}],
    }
    run_ = {"tool": {"driver": {"name": "another", "rules": rules}}, "results": [result]}

    found = list(faults("sarif", json.dumps({"version": "2.1.0", "runs": [run_]})))

    assert [each.partition(": {")[0] for each in found] == [
        "sarif: not a log of version 2.1.0",
        "sarif: not a result",
        "sarif: not a place",
    ]


@pytest.mark.parametrize(
    ("content", "small"),
    [
        (b'{"a": [1, {"b": 2}], "bad": {"c": 3}, "d": "x"}', b'{"bad": {}}'),
        (b"- a\n- bad\n- c\n", b"bad"),
    ],
    ids=["JSON", "bytes"],
)
def test_a_find_is_made_small(
    content: bytes, small: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(words: list[str]) -> int:
        return failing() if b"bad" in (tmp_path / "t").read_bytes() else saying("", code=1)()

    monkeypatch.setattr(judge, "main", command)
    given = Given(kind="raw", name="t", content=content, options=("--parameter", "A=b"))

    assert shrunk(given, tmp_path) == Given(kind="raw", name="t", content=small)


@pytest.mark.parametrize(
    ("then", "failure"),
    [
        ("threading.Event().wait()", "lost: the worker was ended by signal 9"),
        ("os.abort()", "lost: the worker was ended by signal 6"),
        ("sys.exit(7)", "lost: the worker was ended with 7"),
    ],
    ids=["stuck", "killed", "broken"],
)
def test_a_worker_that_is_lost_is_a_find_with_its_input(then: str, failure: str, tmp_path: Path) -> None:
    command = (sys.executable, "-c", f"{TELLING}{then}")
    settings = Settings(cpu_seconds=2, workers=1, seed="0", folder=tmp_path, patience=5, command=command)

    tally = run(settings)

    finds = [(each / "t.json").read_text() for each in (tmp_path / "finds").iterdir()]
    assert (dict(tally.failures), dict(tally.inputs), finds) == (
        {failure: 1},
        {"raw": 1, "lost": 1},
        ["the input"],
    )


def test_a_find_is_kept_with_its_own_input(tmp_path: Path) -> None:
    command = (sys.executable, "-c", TELLING.replace("'failures': []", "'failures': ['bad\\nwhy']"))

    tally = run(Settings(cpu_seconds=2, workers=1, seed="0", folder=tmp_path, command=command))

    finds = sorted((tmp_path / "finds").iterdir())
    assert (
        dict(tally.failures),
        [read_back(each) for each in finds],
        (finds[0] / "why.txt").read_text(),
    ) == (
        {"bad": 2},
        [made("0", 0), made("0", 1)],
        "bad\nwhy",
    )


def test_a_campaign_ends_with_its_cpu_time(tmp_path: Path) -> None:
    command = (sys.executable, "-c", TELLING)

    tally = run(Settings(cpu_seconds=3, workers=1, seed="0", folder=tmp_path, command=command))

    reported = io.StringIO()
    campaign.summary(tally, reported.write)
    assert reported.getvalue() == (
        "3 s of CPU time, 3 inputs: 3 raw\n"
        "6 commands, exit codes: 3 x 0, 3 x 2\n"
        "slowest command: 0.50 s (input 2); most memory: 2 MB\n"
        "no failures\n"
    )


@pytest.mark.parametrize(
    ("attack", "code", "message"),
    [
        ("while True: pass", -signal.SIGPROF, "most recent call first"),
        ("bytearray(2_000_000_000)", 1, "MemoryError"),
    ],
    ids=["time", "memory"],
)
def test_the_kernel_holds_a_worker(attack: str, code: int, message: str, tmp_path: Path) -> None:
    script = f"""
from tests.harness.fuzz import worker
worker.BUDGET = 0.2
def made(seed, number):
    {attack}
worker.made = made
worker.main(["--seed", "0", "--first", "0", "--step", "1", "--folder", {str(tmp_path)!r}])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, message in done.stderr) == (code, True), done.stderr
