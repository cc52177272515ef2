"""docs/checks.md, from the checks themselves: `python -m tests.harness.reds.document > docs/checks.md`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.integration.deadlines import DEADLINES

from .catalogue import Red, reds

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = """\
# The 31 live checks

Each runs unchanged against the embedded AWS, a real account and any other endpoint. Each can fail: beside it
stands one change of the stack or the world that turns it red, and `tests/harness/reds` makes every one of
these changes, calls the check's own function and reads its words. This page is written by
`python -m tests.harness.reds.document` and held to the checks by a test.

The deadline is how long a check may wait for the stack, in seconds: on AWS, and on a run's own embedded AWS.

| check | promise | deadline | turned red by |
|---|---|---|---|
"""

TAIL = """
## What red, unknown and not exercised mean
- **RED**: an `AssertionError`. The stack is wrong; the first line says what.
- **unknown**: any other error. We could not find out: a denied call, no answer, a missing output. Repair
  that and run again; it says nothing about the stack.
- **NOT-EXERCISED**: the check could not do its work without paging a person who has not agreed. The run
  ends with exit code 6 unless `--accept-not-exercised` is given. Agree with `QA_ALLOW_PAGE=1` or with the
  topic's tag `qa:allow-page=true`.

## One test, two regions
A check is one test, whatever the number of its regions: 31 stay 31 in every report. A check of both
regions asks both at once and gives each a verdict and a time of its own, as properties of the test
(`qa.verdict.<region>`, `qa.seconds.<region>`), and no failure hides the other region's. pytest's subtests
would report the regions apart too, but a JUnit file then says 93 tests for 31 and counts a failure twice.
"""


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(_row(red) for red in reds()) + TAIL


def _row(red: Red) -> str:
    promise = _name_of(red.test).removeprefix("test_").replace("_", " ")
    deadline = DEADLINES[red.check]
    return f"| {red.check} | {promise} | {deadline.aws:g} / {deadline.embedded:g} | {red.change} |\n"


def _name_of(test: Callable[..., None]) -> str:
    """Return the name under which the test's module has it: a ready check's function has another one."""
    names = vars(sys.modules[test.__module__])
    return next(name for name, value in names.items() if value is test)


if __name__ == "__main__":
    sys.stdout.write(page())
