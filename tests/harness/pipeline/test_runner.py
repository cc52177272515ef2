"""The runner's policy is just what the 31 need: all are green under it, and none of it can be spared."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import QaError
from qa.live.handover import Live
from qa.stack.run import Run, new_run_id
from qa.stack.sweep import sweep_run
from tests.harness.reds.world import World
from tests.integration.sides import sides_of

from .callers import policy, rights, set_policy, without
from .witnesses import WITNESSES, Witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.project import Deployment, Project

REFUSED = ("AccessDenied", "AuthorizationError", "not authorized", "403")


@pytest.fixture(scope="session")
def account(runner: Clients, deployment: Deployment) -> str:
    return runner.sts(deployment.regions.primary).get_caller_identity()["Account"]


@pytest.fixture(scope="session")
def live(
    runner: Clients,
    deployment: Deployment,
    outputs: Outputs,
    account: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Live:
    return Live(
        run=Run(run_id=new_run_id(), folder=tmp_path_factory.mktemp("run")),
        target=runner.target,
        deployment=deployment,
        account=account,
        outputs=outputs,
    )


@pytest.fixture(scope="session")
def world(live: Live, admin: Clients, runner: Clients) -> Iterator[World]:
    """The 31 as the runner finds them, with the documents on their way that some of them await."""
    # the control routes are no part of this: a pipeline has no such thing
    no_control: Any = None
    world = World(
        live=live,
        clients=runner,
        control=no_control,
        sides=sides_of(live.outputs, live.regions),
        patience=10.0,
    )
    world.prepare()
    yield world
    assert sweep_run(runner, live.run).failed == ()


def test_every_right_of_the_runner_has_a_witness(project: Project) -> None:
    assert list(WITNESSES) == rights(policy("runner", project.regions))


@pytest.mark.parametrize(
    ("sid", "action", "witness"),
    [pytest.param(*right, witness, id=" ".join(right)) for right, witness in WITNESSES.items()],
)
def test_without_this_right_something_cannot_be_done(
    project: Project, admin: Clients, world: World, sid: str, action: str, witness: Witness
) -> None:
    whole, region = policy("runner", project.regions), project.regions.primary
    set_policy(admin, "runner", without(whole, sid, action), region=region)
    try:
        with pytest.raises((QaError, AssertionError, ExceptionGroup)) as raised:
            witness(world, admin)
    finally:
        set_policy(admin, "runner", whole, region=region)

    message = "".join(traceback.format_exception_only(raised.value))
    assert any(word in message for word in REFUSED), message
