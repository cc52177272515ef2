"""What `qa check` and `qa graph` share: templates, regions, parameters, and output in any encoding."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from qa.checks.settings import CheckSettings
    from qa.template import Template

STDIN = "<stdin>"


def add_stack(parser: argparse.ArgumentParser) -> None:
    """Add what a template is evaluated for."""
    parser.add_argument(
        "--region", action="append", metavar="R", help="repeatable (default: both of [tool.qa])"
    )
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="K=V", help="a template parameter; repeatable"
    )


def read_template(name: str) -> Template:
    """Return a template by its path, or of standard input. Raises TemplateError."""
    from qa.template import load_template, parse_template  # noqa: PLC0415 - each command pays for its own
    from qa.template.errors import TemplateFileError  # noqa: PLC0415
    from qa.template.load import MOST_BYTES, decoded  # noqa: PLC0415

    if name != "-":
        return load_template(name)
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise TemplateFileError("standard input is closed", source=STDIN)
    return parse_template(decoded(stream.read(MOST_BYTES + 1), source=STDIN), source=STDIN)


def check_settings() -> CheckSettings | None:
    """Return [tool.qa] of the working directory; None where there is none."""
    from qa.checks.settings import find_settings  # noqa: PLC0415 - each command pays for its own

    try:
        settings = find_settings(Path.cwd())
    except FileNotFoundError:
        raise UsageError("the working directory is gone; change into one that is there") from None
    return settings if settings is None or settings.assembly is None else _with_assembly(settings)


def _with_assembly(settings: CheckSettings) -> CheckSettings:
    from qa.stack.assembly import assembly_regions, assembly_stacks  # noqa: PLC0415 - only for the CDK

    folder = settings.assembly
    if folder is None:
        return settings
    regions = settings.regions or assembly_regions(folder)
    stacks = assembly_stacks(folder, regions)
    return replace(
        settings, regions=regions, stacks=tuple((stack.template, stack.regions) for stack in stacks)
    )


def chosen_regions(given: Sequence[str] | None, settings: CheckSettings | None) -> tuple[str, ...]:
    """Return the regions that were named, else those of [tool.qa]. Raises UsageError."""
    from difflib import get_close_matches  # noqa: PLC0415 - each command pays for its own

    from qa.schemas import regions as known_regions  # noqa: PLC0415

    chosen = tuple(dict.fromkeys(given)) if given else settings.regions if settings else ()
    if not chosen:
        raise UsageError("No region given. Pass --region (repeatable), or set [tool.qa.regions].")
    known = known_regions()
    for region in chosen:
        if region not in known:
            near = get_close_matches(region, sorted(known), n=1)
            guess = f"Did you mean {near[0]!r}?" if near else "For example: us-east-1."
            raise UsageError(f"there is no region {region!r}. {guess}")
    return chosen


def given_parameters(pairs: Sequence[str]) -> dict[str, str]:
    """Return Name=Value pairs as a mapping. Raises UsageError."""
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--parameter {pair!r} is not of the form Name=Value")
        parameters[name] = value
    return parameters


def write(text: str) -> None:
    """Write to standard output whatever its encoding can hold, the rest written out."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
