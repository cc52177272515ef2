"""`qa check`: templates checked before anything is deployed."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.errors import QaError, UsageError
from qa.printable import printable_lines

from .command import Command
from .templates import add_stack, check_settings, chosen_regions, given_parameters, read_template, write
from .terminal import takes_colours

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from qa.checks import Finding
    from qa.checks.reporting import Located, Report
    from qa.checks.settings import CheckSettings
    from qa.template import Template

CLEAN, FOUND, COULD_NOT_READ = 0, 1, 2
_SEVERITIES = ("error", "warning", "note")

TEXT = """\
Find what would break a template's deployment, or its stack when a region is
lost: cycles, schemas, references, rights, metrics, replicas. Nothing is sent
anywhere. JSON and YAML; - is standard input.

A finding is suppressed, with a reason, in Metadata of the resource or of the
template:  "Metadata": {"qa": {"suppress": [{"rule": "…", "reason": "…"}]}}
or in pyproject.toml:  [tool.qa.check.suppress]  "rule:LogicalId" = "reason"
"""
EXAMPLES = """\
qa check                              # the template of [tool.qa]
qa check *.yaml --region us-east-1 --region us-west-2
qa check - --format sarif < stack.json
qa check --explain circular-dependency"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "templates", nargs="*", metavar="TEMPLATE", help="files, or - (default: the template of [tool.qa])"
    )
    add_stack(parser)
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
        "--fail-on",
        choices=_SEVERITIES,
        default="error",
        help="lowest severity that exits with 1 (default: error)",
    )
    parser.add_argument(
        "--with", dest="second_opinion", choices=("cfn-lint",), help="add the findings of another linter"
    )
    parser.add_argument("--explain", metavar="RULE", help="explain a rule and exit")
    parser.add_argument("--list-rules", action="store_true", help="list all rules and exit")


def _check(args: argparse.Namespace) -> int:
    if args.list_rules or args.explain:
        write(_rule_list() if args.list_rules else _explanation(args.explain))
        return CLEAN
    with _collector_at_rest():
        report = _report(args)
        write(_written(report, args.format))
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


def _report(args: argparse.Namespace) -> Report:
    from qa.checks.engine import chosen_rules  # noqa: PLC0415 - each command pays for its own
    from qa.checks.reporting import Report  # noqa: PLC0415

    if args.concurrency_limit is not None and args.concurrency_limit < 0:
        raise UsageError("--concurrency-limit must not be negative")
    settings = check_settings()
    regions = chosen_regions(args.region, settings)
    select = _rule_ids(args.select or [])
    chosen_rules(select, _rule_ids(args.ignore))
    own = {} if args.templates else _own_templates(settings)
    templates = args.templates or list(own)
    findings: list[Located] = []
    unread: list[str] = []
    given, unused = given_parameters(args.parameter), set(given_parameters(args.parameter))
    for name in _with_progress(templates):
        try:
            template = read_template(name)
            unused -= set(template.parameters)
            there = regions if args.region else own.get(name, regions)
            findings += _findings(template, args, there, settings, given)
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
        from .cfn_lint import cfn_lint_findings  # noqa: PLC0415 - each command pays for its own

        found += cfn_lint_findings(template, regions)
    return located(found, template)


def _today() -> date:
    import datetime as dt  # noqa: PLC0415 - each command pays for its own

    return dt.datetime.now(tz=dt.UTC).date()


def _own_templates(settings: CheckSettings | None) -> dict[str, tuple[str, ...]]:
    """Return the regions of each template of the settings, by its path. Raises UsageError without any."""
    if settings is None or not settings.stacks:
        raise UsageError("No template given. Name one, or - for standard input.")
    found: dict[str, tuple[str, ...]] = {}
    for template, regions in settings.stacks:
        name = os.path.relpath(template)
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *regions)))
    return found


def _rule_ids(given: Sequence[str]) -> list[str]:
    return [rule_id for each in given for rule_id in each.split(",") if rule_id]


def _with_progress(templates: Sequence[str]) -> Iterator[str]:
    """Yield the templates; show a terminal how many are done once it takes longer than a moment."""
    started = shown = time.monotonic()
    is_telling = sys.stderr.isatty() and len(templates) > 1
    for done, name in enumerate(templates):
        now = time.monotonic()
        if is_telling and now - started > 1 and now - shown > 0.2:
            shown = now
            sys.stderr.write(f"\r{done} of {len(templates)} templates checked")
            sys.stderr.flush()
        yield name
    if shown != started:
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


COMMAND = Command(
    name="check",
    short="lint templates before deploying",
    text=TEXT,
    examples=EXAMPLES,
    codes="0 nothing that counts, 1 findings, 2 usage or an unreadable template",
    add_arguments=_add_arguments,
    run=_check,
)
