"""The record of a campaign adds up, and nothing that went wrong counts as good."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .campaign import commit_of, verdicts
from .record import Outcome, keep, outcomes, summary

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Outcome(
    mode="mix",
    seed=1,
    latency=0.08,
    requests=500,
    faults={"throttled": 25, "reset-after": 2},
    exits={"deploy": 0, "checks": 0, "destroy": 0},
    passed=31,
    red=(),
    unknown=(),
    left=(),
    seconds={"deploy": 10.0, "checks": 40.0, "destroy": 10.0},
)
RED = replace(GOOD, seed=2, red=("X1",), passed=30, exits={"deploy": 0, "checks": 1, "destroy": 0})


@pytest.mark.parametrize(
    "worse",
    [
        RED,
        replace(GOOD, left=("bucket",)),
        replace(GOOD, passed=0),
        replace(GOOD, exits={"deploy": 2, "destroy": 0}),
    ],
    ids=["red", "left behind", "no checks", "no deployment"],
)
def test_only_a_run_that_the_noise_did_nothing_to_is_good(worse: Outcome) -> None:
    assert GOOD.is_good
    assert not worse.is_good


def test_a_record_gives_back_what_was_kept(tmp_path: Path) -> None:
    for each in (GOOD, RED):
        keep(tmp_path / "new" / "record.jsonl", each)

    assert outcomes(tmp_path / "new" / "record.jsonl") == [GOOD, RED]


def test_the_summary_counts_runs_and_names_checks_and_steps() -> None:
    broken = replace(GOOD, mode="reset-after", latency=0.0, exits={"deploy": 2, "destroy": 0})

    slow = replace(GOOD, seed=5, seconds={"deploy": 100.0}, load=2.5, commit="abc1234")

    lines = summary([GOOD, RED, slow, broken]).splitlines()[2:]

    assert lines == [
        (
            "| mix | 80 ms | 3 | 1 (X1 1×) | 0 | 0 | 1–2, 5 | 1,500 "
            "| 75 throttled, 6 reset-after | 60, at most 100 | 2.5, at most 2.5 | not noted 2×, abc1234 1× |"
        ),
        (
            "| reset-after | 0 ms | 1 | 0 | 1 (deploy ended with 2 1×) | 0 | 1 | 500 "
            "| 25 throttled, 2 reset-after | 60, at most 60 | – | not noted 1× |"
        ),
    ]


def test_a_run_names_its_commit_and_whether_files_were_changed_since(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.strip()

    outside = commit_of(tmp_path)
    git("init", "--quiet")
    (tmp_path / "file").write_text("one", encoding="utf-8")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    clean = commit_of(tmp_path)
    (tmp_path / "file").write_text("two", encoding="utf-8")
    changed = commit_of(tmp_path)

    commit = git("rev-parse", "--short=7", "HEAD")
    assert (outside, clean, changed) == (None, commit, f"{commit}+")


def test_red_and_unknown_checks_are_told_apart(tmp_path: Path) -> None:
    def case(check: str, inside: str, more: str = "") -> str:
        named = f'<properties><property name="qa.check" value="{check}"/>{more}</properties>'
        return f'<testcase name="test">{named}{inside}</testcase>'

    unknown = '<property name="qa.unknown" value="ProbeError"/>'
    cases = [
        case("D1", ""),
        case("X1", "<failure/>"),
        case("L1", "<failure/>", unknown),
        case("L2", "<error/>"),
    ]
    path = tmp_path / "checks.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", encoding="utf-8")

    assert verdicts(path) == (1, ("X1",), ("L1", "L2"))
