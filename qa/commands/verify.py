"""`qa verify`: ready checks derived from a template, run without a line of code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import UsageError

from .command import Command
from .templates import chosen_regions, given_parameters, read_template

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from qa.resilience.derive import Plan

FOLDER = Path(".qa") / "verify"
"""Where the run has its settings, its test file and its report, in the working directory."""
TEXT = """\
Derive ready checks from a template's resources in all its regions, deploy it to
an embedded AWS of its own, run the checks, and name what has none and why. It
needs no configuration. --write leaves what ran as a test file to edit.

No event is invented: functions are looked at, and invoked only with --event.
"""
EXAMPLES = """\
qa verify orders.yaml --regions eu-west-1 eu-central-1
qa verify orders.yaml --regions eu-west-1 us-east-1 --event Api=order.json
qa verify orders.yaml --regions eu-west-1 us-east-1 --write test_orders.py"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", help="the CloudFormation template")
    parser.add_argument(
        "--regions", nargs="+", required=True, metavar="R", help="its regions, the primary first"
    )
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="K=V", help="a template parameter; repeatable"
    )
    parser.add_argument(
        "--event",
        action="append",
        default=[],
        metavar="FUNCTION=FILE",
        help='a JSON event for a function, by logical ID; "{qa}" in its texts is a fresh name; repeatable',
    )
    parser.add_argument("--write", metavar="FILE", help="write the checks into a test file, too")
    parser.add_argument("--list", action="store_true", help="list the checks and what has none, then end")
    parser.add_argument("--junit", metavar="FILE", help="write a JUnit file")
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="how many checks run at once")


def _verify(args: argparse.Namespace) -> int:
    regions = chosen_regions(args.regions, None)
    if len(regions) < 2:
        raise UsageError("one region alone has no other to survive in; name two or more after --regions.")
    parameters = given_parameters(args.parameter)
    plan = _plan(args.template, regions, parameters, _events(args.event))
    _tell(plan, args.template, regions)
    if args.write:
        _write(Path(args.write), plan.text)
    if args.list:
        return 0
    folder = _prepared(plan, args.template, regions, parameters)
    command = [sys.executable, "-m", "pytest", str(folder / "tests"), "-q", "-p", "no:cacheprovider"]
    command += ["-n", str(args.workers), "--dist", "loadgroup", "--rootdir", str(folder)]
    if args.junit:
        command += ["--junit-xml", str(Path(args.junit).resolve())]
    return subprocess.run(command, check=False, cwd=folder).returncode  # noqa: S603 - our own interpreter


def _plan(
    name: str, regions: tuple[str, ...], parameters: Mapping[str, str], events: Mapping[str, Any]
) -> Plan:
    from qa.resilience.derive import derive  # noqa: PLC0415 - imports botocore: only who needs it pays
    from qa.template import evaluate  # noqa: PLC0415

    template = read_template(name)
    unknown = sorted(set(parameters) - set(template.parameters))
    if unknown:
        raise UsageError(f"the template has no parameter {', '.join(map(repr, unknown))}")
    stacks = {region: evaluate(template, region=region, parameters=parameters) for region in regions}
    known = {each for evaluated in stacks.values() for each in evaluated.resources}
    for function in events:
        if function not in known:
            raise UsageError(f"--event {function}: the template has no resource {function!r} in any region.")
    return derive(stacks, events)


def _events(pairs: list[str]) -> dict[str, Any]:
    """Return the events by function. Raises UsageError for a file that is not JSON."""
    events = {}
    for pair in pairs:
        function, equals, file = pair.partition("=")
        if not equals or not function:
            raise UsageError(f"--event {pair!r} is not of the form FUNCTION=FILE")
        try:
            events[function] = json.loads(Path(file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"--event {pair}: the file cannot be read as JSON: {error}") from error
    return events


def _tell(plan: Plan, name: str, regions: tuple[str, ...]) -> None:
    print(f"{len(plan.checks)} checks derived from {name} in {', '.join(regions)}:")
    width = min(60, max(len(each.call) for each in plan.checks))
    for each in plan.checks:
        print(f"  {each.call:{width}}  from {each.source}")
    if plan.left:
        print(f"{len(plan.left)} resources without a check of their own, or not with all:")
    for one in plan.left:
        print(f"  {one.logical_id} ({one.type}): {one.reason}")
    print(flush=True)


def _write(path: Path, text: str) -> None:
    if path.exists():
        raise UsageError(f"{path} is there already; name another file, or remove it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error


def _prepared(plan: Plan, name: str, regions: tuple[str, ...], parameters: Mapping[str, str]) -> Path:
    """Write the settings and the test file of the run, and return their folder."""
    folder = FOLDER.resolve()
    template = Path(name).resolve()
    # JSON's strings are TOML's, too
    settings = [
        "[tool.pytest.ini_options]",
        "[tool.qa]",
        f"template = {json.dumps(str(template))}",
        'stack-name-prefix = "verify"',
        'capabilities = ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]',
        'live-tests = ["tests"]',
        f"regions = {json.dumps(list(regions))}",
        "[tool.qa.parameters]",
        *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in parameters.items()),
    ]
    try:
        (folder / "tests").mkdir(parents=True, exist_ok=True)
        (folder / "pyproject.toml").write_text("\n".join(settings) + "\n", encoding="utf-8")
        (folder / "tests" / "test_verify.py").write_text(plan.text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror}") from error
    return folder


COMMAND = Command(
    name="verify",
    short="derive checks from a template and run them on an embedded AWS",
    text=TEXT,
    examples=EXAMPLES,
    codes="0 all passed, 1 red or unknown, 2 could not run, 6 not all was exercised",
    add_arguments=_add_arguments,
    run=_verify,
)
