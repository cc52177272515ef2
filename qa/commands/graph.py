"""`qa graph`: the resources of a template, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import DONE, Command
from .templates import add_stack, check_settings, chosen_regions, given_parameters, read_template, write

if TYPE_CHECKING:
    import argparse

TEXT = """\
Draw the resources of a template by region, an arrow to what each needs. A
circular dependency is red, and dashed where to cut it."""
EXAMPLES = """\
qa graph stack.json --format svg > stack.svg
qa graph stack.json --format mermaid >> README.md"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", help="a file, or -")
    add_stack(parser)
    parser.add_argument("--format", choices=("dot", "mermaid", "svg"), default="dot", help="default: dot")


def _graph(args: argparse.Namespace) -> int:
    from qa.checks.drawing import drawn  # noqa: PLC0415 - each command pays for its own

    settings = check_settings()
    template = read_template(args.template)
    regions = chosen_regions(args.region, settings)
    write(drawn(template, regions=regions, parameters=given_parameters(args.parameter), form=args.format))
    return DONE


COMMAND = Command(
    name="graph",
    short="draw a template's dependency graph",
    text=TEXT,
    examples=EXAMPLES,
    codes="0 drawn, 2 usage or an unreadable template",
    add_arguments=_add_arguments,
    run=_graph,
)
