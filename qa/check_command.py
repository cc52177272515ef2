"""`qa check` and `qa graph`: templates judged and drawn before anything is deployed."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QaError, UsageError
from qa.help import add_command
from qa.printable import printable_lines
from qa.terminal import takes_colours

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qa.checks import Finding
    from qa.checks.reporting import Located, Report
    from qa.checks.settings import CheckSettings
    from qa.help import Commands
    from qa.template import Template

CLEAN, FOUND, COULD_NOT_READ = 0, 1, 2
STDIN = "<stdin>"
_SEVERITIES = ("error", "warning", "note")

CHECK_TEXT = """\
Find what would break a template's deployment, or its stack when a region is
lost: cycles, schemas, references, rights, metrics, replicas. Nothing is sent
anywhere. JSON and YAML; - is standard input.

A finding is suppressed, with a reason, in Metadata of the resource or of the
template:  "Metadata": {"qa": {"suppress": [{"rule": "…", "reason": "…"}]}}
or in pyproject.toml:  [tool.qa.check.suppress]  "rule:LogicalId" = "reason"
"""
CHECK_EXAMPLES = """\
qa check                              # the template of [tool.qa]
qa check *.yaml --region us-east-1 --region us-west-2
qa check - --format sarif < stack.json
qa check --explain circular-dependency"""
GRAPH_TEXT = """\
Draw the resources of a template by region, an arrow to what each needs. A
circular dependency is red, and dashed where to cut it."""
GRAPH_EXAMPLES = """\
qa graph stack.json --format svg > stack.svg
qa graph stack.json --format mermaid >> README.md"""


def add_check_arguments(commands: Commands) -> None:
    """Add `check` to the subcommands."""
    parser = add_command(
        commands,
        "check",
        short="what is wrong with templates, before a deploy",
        text=CHECK_TEXT,
        examples=CHECK_EXAMPLES,
        codes="0 nothing that counts, 1 findings, 2 usage or an unreadable template",
    )
    parser.add_argument(
        "templates", nargs="*", metavar="TEMPLATE", help="files, or - (default: the template of [tool.qa])"
    )
    _add_stack(parser)
    parser.add_argument(
        "--format",
        choices=("text", "line", "json", "sarif", "github"),
        default="text",
        help="default: text; line is for editors",
    )
    parser.add_argument("--select", action="append", metavar="RULE", help="only these rules; repeatable")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE", help="not these rules; repeatable"
    )
    parser.add_argument(
        "--concurrency-limit", type=int, metavar="N", help="the account's Lambda limit (new accounts: 10)"
    )
    parser.add_argument(
        "--fail-on", choices=_SEVERITIES, default="error", help="what exits with 1 (default: error)"
    )
    parser.add_argument(
        "--with", dest="second_opinion", choices=("cfn-lint",), help="add the findings of another linter"
    )
    parser.add_argument("--explain", metavar="RULE", help="what a rule says and why, then end")
    parser.add_argument("--list-rules", action="store_true", help="all rules, then end")


def add_graph_arguments(commands: Commands) -> None:
    """Add `graph` to the subcommands."""
    parser = add_command(
        commands,
        "graph",
        short="a template's resources and what they need, drawn",
        text=GRAPH_TEXT,
        examples=GRAPH_EXAMPLES,
        codes="0 drawn, 2 usage or an unreadable template",
    )
    parser.add_argument("template", metavar="TEMPLATE", help="a file, or -")
    _add_stack(parser)
    parser.add_argument("--format", choices=("dot", "mermaid", "svg"), default="dot", help="default: dot")


def _add_stack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--region", action="append", metavar="R", help="repeatable (default: both of [tool.qa])"
    )
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="K=V", help="a template parameter; repeatable"
    )


def check_command(args: argparse.Namespace) -> int:
    """Run `qa check`; return its exit code. Raises UsageError."""
    if args.list_rules or args.explain:
        _write(_rule_list() if args.list_rules else _explanation(args.explain))
        return CLEAN
    with _collector_at_rest():
        report = _report(args)
        _write(_written(report, args.format))
    for text in report.unread:
        sys.stderr.write(f"qa check: {printable_lines(text)}\n")
    if report.unread:
        return COULD_NOT_READ
    failing = _SEVERITIES[: _SEVERITIES.index(args.fail_on) + 1]
    counting = (each.finding for each in report.findings if each.finding.suppressed is None)
    return FOUND if any(finding.severity.value in failing for finding in counting) else CLEAN


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python from looking for circles of objects: of 5,000 resources that took a quarter of the time.

    Templates and findings have none: 540 templates in one command hold as much memory without it.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def graph_command(args: argparse.Namespace) -> int:
    """Run `qa graph`; return its exit code. Raises UsageError and TemplateError."""
    from qa.checks.drawing import drawn  # noqa: PLC0415 - each command pays for its own

    settings = _settings()
    template = _template(args.template)
    regions = _regions(args.region, settings)
    _write(drawn(template, regions=regions, parameters=_parameters(args.parameter), form=args.format))
    return CLEAN


def _report(args: argparse.Namespace) -> Report:
    from qa.checks.engine import chosen_rules  # noqa: PLC0415 - each command pays for its own
    from qa.checks.reporting import Report  # noqa: PLC0415

    if args.concurrency_limit is not None and args.concurrency_limit < 0:
        raise UsageError(f"--concurrency-limit {args.concurrency_limit} is less than nothing")
    settings = _settings()
    regions = _regions(args.region, settings)
    select = _rule_ids(args.select or [])
    chosen_rules(select, _rule_ids(args.ignore))
    templates = args.templates or _default_templates(settings)
    findings: list[Located] = []
    unread: list[str] = []
    given, unused = _parameters(args.parameter), set(_parameters(args.parameter))
    for name in _with_progress(templates):
        try:
            template = _template(name)
            unused -= set(template.parameters)
            findings += _findings(template, args, regions, settings, given)
        except UsageError:
            raise
        except QaError as error:
            unread.append(str(error))
    if unused and not unread:
        raise UsageError(f"no template has the parameter {', '.join(map(repr, sorted(unused)))}")
    return Report(templates=tuple(templates), regions=regions, findings=tuple(findings), unread=tuple(unread))


def _findings(
    template: Template,
    args: argparse.Namespace,
    regions: tuple[str, ...],
    settings: CheckSettings | None,
    given: Mapping[str, str],
) -> tuple[Located, ...]:
    from qa.checks import check  # noqa: PLC0415 - each command pays for its own
    from qa.checks.reporting import located  # noqa: PLC0415

    found: tuple[Finding, ...] = check(
        template,
        regions=regions,
        parameters={name: value for name, value in given.items() if name in template.parameters},
        select=_rule_ids(args.select or []),
        ignore=_rule_ids(args.ignore),
        concurrency_limit=args.concurrency_limit,
        today=_today(),
        suppress=settings.suppress if settings else {},
    )
    if args.second_opinion is not None:
        from qa.cross_check import cfn_lint_findings  # noqa: PLC0415 - each command pays for its own

        found += cfn_lint_findings(template, regions)
    return located(found, template)


def _today() -> date:
    import datetime as dt  # noqa: PLC0415 - each command pays for its own

    return dt.datetime.now(tz=dt.UTC).date()


def _template(name: str) -> Template:
    from qa.template import load_template, parse_template  # noqa: PLC0415 - each command pays for its own
    from qa.template.errors import TemplateFileError  # noqa: PLC0415
    from qa.template.load import MOST_BYTES, decoded  # noqa: PLC0415

    if name != "-":
        return load_template(name)
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise TemplateFileError("standard input is closed", source=STDIN)
    return parse_template(decoded(stream.read(MOST_BYTES + 1), source=STDIN), source=STDIN)


def _settings() -> CheckSettings | None:
    from qa.checks.settings import find_settings  # noqa: PLC0415 - each command pays for its own

    try:
        return find_settings(Path.cwd())
    except FileNotFoundError:
        raise UsageError("the working directory is gone; change into one that is there") from None


def _regions(given: Sequence[str] | None, settings: CheckSettings | None) -> tuple[str, ...]:
    from difflib import get_close_matches  # noqa: PLC0415 - each command pays for its own

    from qa.checks.knowledge.provider_schemas import regions as known_regions  # noqa: PLC0415

    chosen = tuple(dict.fromkeys(given)) if given else settings.regions if settings else ()
    if not chosen:
        raise UsageError("which region? Name it with --region, or write both into [tool.qa.regions].")
    known = known_regions()
    for region in chosen:
        if region not in known:
            near = get_close_matches(region, sorted(known), n=1)
            guess = f"Did you mean {near[0]!r}?" if near else "For example: us-east-1."
            raise UsageError(f"there is no region {region!r}. {guess}")
    return chosen


def _default_templates(settings: CheckSettings | None) -> list[str]:
    if settings is None or settings.template is None:
        raise UsageError("which template? Name one, or - for standard input.")
    return [os.path.relpath(settings.template)]


def _parameters(pairs: Sequence[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--parameter {pair!r} is not of the form Name=Value")
        parameters[name] = value
    return parameters


def _rule_ids(given: Sequence[str]) -> list[str]:
    return [rule_id for each in given for rule_id in each.split(",") if rule_id]


def _with_progress(templates: Sequence[str]) -> Iterator[str]:
    """Yield the templates; tell a terminal how many are done once it takes longer than a moment."""
    started = told = time.monotonic()
    is_telling = sys.stderr.isatty() and len(templates) > 1
    for done, name in enumerate(templates):
        now = time.monotonic()
        if is_telling and now - started > 1 and now - told > 0.2:
            told = now
            sys.stderr.write(f"\r{done} of {len(templates)} templates checked")
            sys.stderr.flush()
        yield name
    if told != started:
        sys.stderr.write("\r\x1b[K")


def _written(report: Report, form: str) -> str:
    from qa.checks.reporting import (  # noqa: PLC0415 - each command pays for its own
        Style,
        as_github,
        as_json,
        as_lines,
        as_sarif,
        as_text,
    )

    match form:
        case "line":
            return as_lines(report)
        case "json":
            return as_json(report)
        case "sarif":
            from qa import __version__  # noqa: PLC0415 - costs 30 ms

            return as_sarif(report, version=__version__)
        case "github":
            return as_github(report)
    width = min(80, shutil.get_terminal_size().columns) if sys.stdout.isatty() else 80
    return as_text(report, Style(width=max(40, width), is_coloured=takes_colours(sys.stdout, os.environ)))


def _rule_list() -> str:
    from textwrap import wrap  # noqa: PLC0415 - each command pays for its own

    from qa.checks import RULES  # noqa: PLC0415

    width = max(len(rule.id) for rule in RULES)
    lines = []
    for rule in RULES:
        head = f"{rule.id:<{width}}  {rule.severity.value:<7}  "
        lines += wrap(rule.title, width=80, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n".join([*lines, ""])


def _explanation(rule_id: str) -> str:
    from qa.checks.engine import chosen_rules  # noqa: PLC0415 - each command pays for its own

    (rule,) = chosen_rules([rule_id], ())
    return f"{rule.id} ({rule.severity.value})\n\n{rule.explanation}\n\nSource: {rule.source}\n"


def _write(text: str) -> None:
    """Write to standard output whatever its encoding can hold, the rest written out."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    sys.stdout.flush()
