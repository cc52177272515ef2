"""The campaign: `python -m tests.harness.agreement FOLDER… [--generated N] [--region R]`.

Ends with 1 when a disagreement is in none of the known classes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from . import generated
from .comparison import compared
from .corpus import templates
from .summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print, and return the exit code."""
    requested = _parser().parse_args(arguments)
    summary = Summary()
    for source, text in _inputs(requested):
        summary.add(compared(text, source=source, region=requested.region))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{summary.templates}")
    sys.stdout.write("".join(f"{line}\n" for line in summary.lines()))
    return 1 if summary.unexplained else 0


def _inputs(request: argparse.Namespace) -> Iterator[tuple[str, str]]:
    yield from templates(request.folders)
    for seed in range(request.generated):
        yield f"seed {seed}", json.dumps(generated.template(Random(seed), request.size))  # noqa: S311 - no secret


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.agreement", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="folders with templates")
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="and N generated templates")
    parser.add_argument("--size", type=int, default=12, help="resources in each of these (12)")
    parser.add_argument("--region", default=generated.REGION, help=f"({generated.REGION})")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
