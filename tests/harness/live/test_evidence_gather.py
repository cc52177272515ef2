"""The command line that runs a check again, and the files in which workers hand evidence over."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.live.evidence.gather import keep, kept, plain_nodeid, reproducing
from qa.live.handover import Live
from qa.report.evidence import Evidence
from qa.report.masking import Masker
from qa.stack.outputs import Outputs
from qa.stack.project import Deployment, Regions, StackNames
from qa.stack.run import Run
from qa.stack.target import Target, TargetKind

NODEID = "tests/live/test_it.py::test_it"


def live_at(target: Target) -> Live:
    return Live(
        run=Run(run_id="qa-0a1b2c3d", folder=Path("nowhere")),
        target=target,
        deployment=Deployment(
            suffix="pr-7",
            stacks=(StackNames(name="Shop", stack_name="Shop-pr-7", regions=("us-east-1", "us-west-2")),),
            regions=Regions(("us-east-1", "us-west-2")),
        ),
        account="123456789012",
        outputs=Outputs(values={}, source=Path("nowhere")),
    )


@pytest.mark.parametrize(
    ("target", "message"),
    [
        pytest.param(Target(kind=TargetKind.EMBEDDED), "--target embedded", id="embedded"),
        pytest.param(
            Target(kind=TargetKind.AWS, profile="qa runner"), "--target aws --profile 'qa runner'", id="aws"
        ),
        pytest.param(
            Target(kind=TargetKind.ENDPOINT, endpoint="http://127.0.0.1:5000"),
            "--target endpoint --endpoint-url http://127.0.0.1:5000",
            id="endpoint",
        ),
    ],
)
def test_a_check_is_reproduced_at_the_same_target(target: Target, message: str) -> None:
    line = reproducing(live_at(target), NODEID, {})

    assert line == f"python -m pytest {NODEID} {message} --suffix pr-7"


def test_settings_of_the_environment_and_a_stack_name_belong_to_the_command() -> None:
    live = live_at(Target(kind=TargetKind.EMBEDDED))

    line = reproducing(live, NODEID, {"QA_RPO_SECONDS": "0.1", "HOME": "/root"}, stack_name="Shop")

    assert line == (
        f"QA_RPO_SECONDS=0.1 python -m pytest {NODEID} --target embedded --suffix pr-7 --stack-name Shop"
    )


def test_the_group_that_xdist_appends_is_no_part_of_a_node_id() -> None:
    assert plain_nodeid(f"{NODEID}[a@b]@alarms") == f"{NODEID}[a@b]"


def test_evidence_is_masked_before_it_is_written(tmp_path: Path) -> None:
    evidence = Evidence(
        nodeid=NODEID, check="T1", reproduce="pytest", words="hunter2-hunter2", failure="E hunter2-hunter2"
    )

    keep(tmp_path, evidence, Masker.of(values=["hunter2-hunter2"]))

    (read,) = kept(tmp_path)
    assert (read.words, read.failure) == ("•••", "E •••")
