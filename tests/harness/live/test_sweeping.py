"""The command that a run with things left behind ends with removes them as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.live.handover import Live
from qa.live.pytest_run import sweeping
from qa.stack.outputs import Outputs
from qa.stack.project import Deployment, Regions, StackNames
from qa.stack.run import run_at
from qa.stack.target import Target, TargetKind


@pytest.mark.parametrize(
    ("target", "options"),
    [
        pytest.param(
            Target(kind=TargetKind.AWS), "--target aws --run qa-1f2e3d4c --suffix dev", id="an account"
        ),
        pytest.param(
            Target(kind=TargetKind.AWS, profile="my work"),
            "--target aws --run qa-1f2e3d4c --profile 'my work' --suffix dev",
            id="a profile",
        ),
        pytest.param(
            Target(kind=TargetKind.ENDPOINT, endpoint="http://127.0.0.1:5000"),
            "--target endpoint --run qa-1f2e3d4c --endpoint-url http://127.0.0.1:5000 --suffix dev",
            id="an endpoint",
        ),
    ],
)
def test_the_sweep_names_run_target_and_suffix(tmp_path: Path, target: Target, options: str) -> None:
    live = Live(
        run=run_at(tmp_path, "qa-1f2e3d4c"),
        target=target,
        deployment=Deployment(
            suffix="dev",
            stacks=(StackNames(name="Topics", stack_name="Topics-dev", regions=("us-east-1", "us-west-2")),),
            regions=Regions(("us-east-1", "us-west-2")),
        ),
        account="123456789012",
        outputs=Outputs(values={}, source=Path("flat-outputs.json")),
    )

    assert sweeping(live) == f"qa sweep {options}"
