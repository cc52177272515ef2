"""docs/static-checks.md, made from the checks and their mutations: python -m tests.unit.document."""

from __future__ import annotations

from pathlib import Path

from .checks import CHECKS, GROUPS, GUARDS
from .mutations import MUTATIONS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "static-checks.md"
INTRODUCTION = """\
# The 75 static checks

`make test-unit` reads `lib/TapStack.json` and the processor's source, evaluates the template for both
regions, and holds it to these promises: no network, no boto3, well under a second. What only AWS knows
stands in the values as `Fn::Sub` writes it: `${Topic}` is a Ref, `${Role.Arn}` a GetAtt.

The right column names what was broken in the template to prove that the check can fail. Each is a small
change in `tests/unit/mutations/`; `tests/harness/pairing` applies it and demands that this very check
turns red. *(primary)* and *(secondary)* are the same change made in either region's resources.

F1 to F6 are the failures of the failure analysis; the check beside one keeps it from coming back:
F1 circular dependency through the key policy, F2 a plain table with replicas, F3 reserved concurrency,
F4 a deprecated runtime, F5 a key policy without DynamoDB, F6 a key named for the global table.

This file is made by `python -m tests.unit.document`; a test holds it equal to the code.
"""


def document() -> str:
    """Return the text of the document."""
    numbers = {name: number for number, name in enumerate(CHECKS, 1)}
    sections = []
    for group in GROUPS:
        names = [name for name in CHECKS if name in vars(group)]
        title = str(group.__doc__).partition(": ")[2].rstrip(".\n")
        rows = [_row(numbers[name], name) for name in names]
        head = ["| # | promise | | turned red by |", "|--:|---|---|---|"]
        sections.append("\n".join([f"## {title[0].upper()}{title[1:]}", "", *head, *rows, ""]))
    return "\n".join([INTRODUCTION, *sections])


def _row(number: int, name: str) -> str:
    promise = name.removeprefix("test_").replace("_", " ")
    breaks = "; ".join(mutation.breaks for mutation in MUTATIONS if mutation.check == name)
    return f"| {number} | {promise} | {GUARDS.get(name, '')} | {breaks} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
