"""Checks of whole stacks: deployed as the template says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from qa.probe import cloudformation
from qa.template import evaluate
from qa.template.errors import TemplateError
from qa.wait import WaitTimeoutError, until

from .ready import Common, Given, Test, ready
from .verdicts import NotExercisedError, red

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.probe.cloudformation import StackState

    from .estate import StackView
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

# a stack in UPDATE_COMPLETE_CLEANUP_IN_PROGRESS works as asked: only its replaced resources still go
FINISHED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_COMPLETE")


def as_deployed(stack: str | None = None, **common: Unpack[Common]) -> Test:
    """Every stack is complete in every region, with its template's outputs and resources for that region.

    `stack` names one stack; default: all of the run.

    Red: a rollback, or a resource that is not complete; a resource or output that the template has for this
    region and the stack has not, or the other way round; an outputs file that is older than the stack.
    Needs: CloudFormation.
    """

    def body(scene: Scene, given: Given) -> None:
        def check(region: str) -> None:
            for name in names_of(scene, region, stack):
                _expect_finished(scene, region, name, within=given.seconds(scene))
                view = scene.estate.view(region, name)
                if view is not None:
                    _expect_fresh_outputs(scene, view)
                    _expect_of_template(scene, view, name)

        scene.in_each(given.regions or scene.estate.regions, check)

    return ready(1, "as_deployed", common, body)


def names_of(scene: Scene, region: str, stack: str | None) -> tuple[str, ...]:
    """Return the names of the stacks to look at in a region."""
    return scene.estate.stack_names(region) if stack is None else (stack,)


def _expect_finished(scene: Scene, region: str, name: str, *, within: float) -> None:
    client = scene.clients.cloudformation(region)
    what = f"stack {name} in {region}"
    try:
        state = until(
            lambda: cloudformation.stack_state(client, name),
            lambda seen: seen is None or seen.status in FINISHED or not seen.status.endswith("_IN_PROGRESS"),
            what=what,
            within=within,
        )
    except WaitTimeoutError as busy:
        last: StackState = busy.last  # type: ignore[assignment]  # what was observed
        raise NotExercisedError(f"{what} is {last.status}: somebody is deploying it") from busy
    if state is None or state.status not in FINISHED:
        reason = "" if state is None else f" ({state.status_reason or 'no reason given'})"
        raise red(
            what,
            found="no such stack" if state is None else f"{state.status}{reason}",
            expected="CREATE_COMPLETE or UPDATE_COMPLETE",
            fix="Deploy it; the stack's events say what failed first.",
        )


def _expect_fresh_outputs(scene: Scene, view: StackView) -> None:
    written = scene.estate.outputs_file(view.region, view.state.name)
    stale = {key: written.get(key) for key, value in view.state.outputs.items() if written.get(key) != value}
    if stale:
        raise red(
            f"the outputs of {view.state.name} in {view.region}",
            found=f"{stale} in {scene.estate.live.outputs.source}",
            expected=f"{ {key: view.state.outputs[key] for key in stale} }",
            fix="The file is stale: run `make outputs`.",
        )


def _expect_of_template(scene: Scene, view: StackView, name: str) -> None:
    what = f"stack {name} in {view.region}"
    unfinished = {key: status for key, status in view.statuses.items() if not _is_complete(status)}
    if unfinished:
        raise red(what, found=f"{unfinished}", expected="every resource complete", fix="Deploy it again.")
    try:
        evaluated = evaluate(
            scene.estate.template(view.region, name),
            region=view.region,
            parameters=view.state.parameters,
            account_id=scene.estate.account,
            stack_name=name,
        )
    except TemplateError as error:
        raise NotExercisedError(f"the template of {what} cannot be evaluated here: {error}") from error
    for kind, expected, found in (
        ("resources", evaluated.resources.keys(), [*view.statuses]),
        ("outputs", evaluated.outputs.keys(), view.state.outputs.keys()),
    ):
        _expect_same(what, kind, expected=set(expected), found=set(found))


def _expect_same(what: str, kind: str, *, expected: set[str], found: set[str]) -> None:
    if expected != found:
        raise red(
            what,
            found=f"{kind} {_listed(found - expected)} too many and {_listed(expected - found)} missing",
            expected=f"the {len(expected)} {kind} of its template for this region",
            fix="Look at the conditions, or deploy the template that is meant.",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _is_complete(status: str) -> bool:
    return status.endswith("_COMPLETE") and not status.startswith(("DELETE", "ROLLBACK"))
