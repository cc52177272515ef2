"""docs/ready-checks.md, made from the checks: `python -m qa.resilience.document > docs/ready-checks.md`."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING

from .catalogue import CHECKS
from .deadlines import DEADLINES

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = """\
# Ready checks: `qa.resilience`

Made from the checks by `python -m qa.resilience.document`; do not edit.

A ready check is one line in a test file of `live-tests`:

```python
from qa.resilience import table_replicates

test_orders = table_replicates("OrdersTable", rpo=5)
```

It names a thing by logical ID, stack output, physical name or ARN (so that things of other tools can be
checked, too), finds it in every region, and answers for each region:

- **PASSED**, or **RED**: the stack is wrong. The sentence says what and where, what was found, what was
  expected, and what to do; the failure stands at the line that asked for the check.
- **UNKNOWN**: it could not find out: throttled, denied, no answer, a server error, or LATE: something for
  which AWS states no bound took longer than the check waits.
- **NOT-EXERCISED**: the target does not model the service, or the check would write where it may not.

Without any code: `qa verify orders.yaml --regions eu-west-1 eu-central-1` derives checks from a template's
resources, says from what and how they are paired, names each resource without a check and why, deploys the
template to an embedded AWS of its own and runs them. It needs no configuration and works in `.qa/verify` of
the working directory. It never invents an event: `--event ApiFunction=order.json` gives one, and with it the
checks invoke the function and take each region away. `--write FILE` leaves what ran as a test file to edit.

## Common to all
- `regions=("eu-west-1", …)`: the regions to look at; default: all of the run, the primary first.
- `within=`: seconds that the check may wait; a stated bound: more is red. Default: the table below.
- `check="T2"`: the ID in reports; default Q and the check's number. `title="…"`: its title.
- A name may be a mapping by region, `{"eu-west-1": "Documents", "eu-central-1": "DocumentsCopy"}`, where
  nothing links the two. Else the first of these that gives exactly one partner wins: what the service links
  (replicas of a table, Regions of a key, destinations of a bucket), the same logical ID, the same CDK path,
  logical IDs that are equal but for the words of their side (Primary/Secondary, East/West, …), physical names
  that are equal but for region and side.
- With n regions the first is compared with each other and back; `mesh=True` compares all ordered pairs.
- On the run's own embedded AWS checks write always. At any other target a check that writes data, sends
  messages or invokes functions is NOT-EXERCISED without `--writes` or `writes = true` in `[tool.qa.safety]`:
  streams, subscribers and notifications carry test data to real consumers.
- What a check makes is in the run's ledger first and removed at the end, also after a kill (docs/kills.md).

"""


def page() -> str:
    """Return the page: the deadlines, then each check with its signature and what it says of itself."""
    parts = [_HEAD, "## Deadlines in seconds\n", "| check | AWS | embedded AWS |", "|---|--:|--:|"]
    parts += [f"| {name} | {each.aws:g} | {each.embedded:g} |" for name, each in DEADLINES.items()]
    parts += ["", "## The checks\n", *(_section(number, check) for number, check in CHECKS.items())]
    return "\n".join(parts).rstrip() + "\n"


def _section(number: int, check: Callable[..., object]) -> str:
    text = inspect.getdoc(check) or ""
    return f"### Q{number} `{check.__name__}{_signature(check)}`\n{_in_paragraphs(text)}\n"


def _signature(check: Callable[..., object]) -> str:
    """Return the arguments of its own, as they are called."""
    parts: list[str] = []
    keyword = False
    for name, each in inspect.signature(check).parameters.items():
        if each.kind is each.VAR_KEYWORD:
            continue
        if each.kind is each.KEYWORD_ONLY and not keyword:
            parts, keyword = [*parts, "*"], True
        parts.append(name if each.default is each.empty else f"{name}={each.default!r}")
    return f"({', '.join(parts)})"


def _in_paragraphs(text: str) -> str:
    """Return a docstring as Markdown: what is red and what is needed are lines of a list."""
    lines = []
    for line in text.splitlines():
        for word in ("Red", "Needs"):
            if line.startswith(f"{word}:"):
                line = f"- **{word}**:{line.removeprefix(f'{word}:')}"  # noqa: PLW2901 - the same line, marked
        lines.append(line)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
