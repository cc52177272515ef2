"""How a ready check becomes a test: a plain function that pytest collects, at the line that asked for it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, TypedDict

import pytest

from .scene import Scene, exercising

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Test = FunctionType
"""What pytest collects; it takes the fixture `qa_scene`."""


class Common(TypedDict, total=False):
    """What every ready check takes."""

    regions: tuple[str, ...]
    """The regions to look at; default: all of the run, the primary first."""
    within: float
    """Seconds that the check may wait; a stated objective, so that more is red."""
    check: str
    """The ID in reports; default: Q and the check's number."""
    title: str
    """The title in reports; default: the name of the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The common arguments of one check, with their defaults."""

    kind: str
    """The name of the check, for its deadline."""
    regions: tuple[str, ...] = ()
    within: float | None = None

    def seconds(self, scene: Scene) -> float:
        """Return how long the check may wait."""
        return self.within if self.within is not None else scene.seconds(self.kind)


def ready(
    number: int,
    kind: str,
    common: Common,
    body: Callable[[Scene, Given], None],
    *,
    watches: float = 0.0,
    alone: bool = False,
    group: str | None = None,
) -> Test:
    """Return the test function of a check, as if it stood where the check was asked for."""
    given = Given(kind=kind, regions=tuple(common.get("regions", ())), within=common.get("within"))

    def run(scene: Scene) -> None:
        __tracebackhide__ = True
        with exercising(scene):
            body(scene, given)

    test = _placed(run, sys._getframe(2))
    test.__doc__ = f"Ready check: {kind}"
    marks: dict[str, object] = {"watches": watches, "alone": alone}
    if "title" in common:
        marks["title"] = common["title"]
    where = given.regions or "both"
    marked = pytest.mark.qa_check(common.get("check", f"Q{number}"), where, **marks)(test)
    return marked if group is None else pytest.mark.xdist_group(group)(marked)


def _placed(run: Callable[[Scene], None], frame: FrameType) -> FunctionType:
    """Return a test function whose line is the one that asked for it: failures are shown there."""
    test = lambda qa_scene: run(qa_scene)  # noqa: E731, PLW0108 - one line, which stands for the caller's
    code = test.__code__.replace(
        co_filename=frame.f_code.co_filename, co_firstlineno=frame.f_lineno, co_name="ready_check"
    )
    placed = FunctionType(code, frame.f_globals, "ready_check", None, test.__closure__)
    placed.__module__ = str(frame.f_globals.get("__name__", ""))
    return placed
