"""What a run writes down is for its owner alone, whatever the umask says."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from qa.live.evidence.gather import FOLDER, keep
from qa.live.scheduling import PLAN, write_plan
from qa.private import make_private_folder, write_private
from qa.report.evidence import Evidence
from qa.report.masking import Masker
from qa.stack.ledger import MuteRuleEntry
from qa.stack.run import RunAbout, run_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_file_of_a_run_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "qa-1"
    make_private_folder(folder)
    (folder / "run.json").write_text("what others could read")

    write_private(folder / "run.json", "{}\n")

    assert {each.name: oct(each.stat().st_mode & 0o777) for each in (folder, *folder.iterdir())} == {
        "qa-1": "0o700",
        "run.json": "0o600",
    }
    assert (folder / "run.json").read_text() == "{}\n"


@pytest.mark.usefixtures("open_umask")
def test_all_that_a_run_and_its_workers_write_is_for_their_owner_alone(tmp_path: Path) -> None:
    run = run_at(tmp_path, "qa-1f2e3d4c")
    lock = run.stay_alive()
    run.begin(RunAbout(target="aws", account="123456789012", stack_name="Topics-dev"), calls=9)
    write_plan(run.folder / PLAN, {})
    evidence = Evidence(nodeid="t.py::test", check="G1", reproduce="", words="", failure="")
    keep(run.folder / FOLDER, evidence, Masker.of(values=(), shapes=()))
    run.ledger.will_make(MuteRuleEntry(region="us-east-1", rule_name="rule"))
    meter = run.call_meter
    assert meter is not None
    meter.count()
    run.end()
    lock.release()

    modes = {
        str(each.relative_to(tmp_path)): oct(each.stat().st_mode & 0o777) for each in tmp_path.rglob("*")
    }

    folder = ".qa/runs/qa-1f2e3d4c"
    test = hashlib.sha256(b"t.py::test").hexdigest()[:12]
    files = ("alive.lock", "run.json", "plan/checks.json", "ledger.jsonl", "calls", "over")
    test = hashlib.sha256(b"t.py::test").hexdigest()[:12]
    assert modes == {
        **dict.fromkeys((".qa", ".qa/runs", folder, f"{folder}/plan", f"{folder}/evidence"), "0o700"),
        **{f"{folder}/{name}": "0o600" for name in (*files, f"evidence/G1-{test}-{os.getpid()}.json")},
    }
