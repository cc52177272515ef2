"""Reading outputs files: what is about another deployment is refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from qa.invocation import DEPLOY, OUTPUTS

from .outputs import (
    Outputs,
    OutputsError,
    OutputsRecord,
    record_path,
    remove_scratch,
    stack_path,
)
from .target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from .outputs import ByStack

_ARN = re.compile(r"arn:[^:]+:[^:]+:(?P<region>[^:]*):(?P<account>\d{12}):")
INSTEAD: Mapping[str, str] = {
    "target": "name what you mean with --target",
    "suffix": "name what you mean with --suffix",
    "regions": "fix [tool.qa.regions]",
    "endpoint": "name what you mean with --endpoint-url",
    "account": "take that account's credentials",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a run expects an outputs file to be about; account None when it is not known yet."""

    target: Target
    account: str | None
    regions: tuple[str, ...]
    suffix: str
    template_digest: str
    stacks: tuple[tuple[str, str], ...] = ()
    """Name and region of each stack, whose own file is read where there is one."""
    accounts: frozenset[str] = frozenset()
    """Accounts besides `account` that stacks lie in."""


def discard_outputs(
    path: Path, *, stack_names: Collection[str], stacks: Iterable[tuple[str, str]] = ()
) -> None:
    """Remove the outputs files and their record if they are about the stacks of these names."""
    remove_scratch(path)
    record = _read_record(path)
    if record is None or set(record.stack_names) != set(stack_names):
        return
    try:
        for each in (path, *(stack_path(path, name, region) for name, region in stacks)):
            each.unlink(missing_ok=True)
        record_path(path).unlink()
    except OSError as error:
        raise OutputsError(
            f"{', '.join(stack_names)} is gone, and {path}, which is about it, cannot be removed: "
            f"{error.strerror}. Remove it and the record beside it."
        ) from error


def read_outputs(path: Path, expected: Expected, *, accepts_template: bool = False) -> Outputs:
    """Return the outputs of files that are about what is expected.

    Raises OutputsError when they are about another target, account, region or suffix, or another template
    unless that is accepted. A file without a record is held against its own ARNs only: check it against
    the live stacks.
    """
    values = _read_values(path)
    record = _read_record(path)
    by_stack: ByStack = {}
    if record is not None:
        _refuse_other(path, record, expected, accepts_template=accepts_template)
        for name, region in expected.stacks:
            own = stack_path(path, name, region)
            if own.exists():
                by_stack.setdefault(name, {})[region] = _read_values(own)
                _refuse_foreign_arns(own, by_stack[name][region], expected)
    _refuse_foreign_arns(path, values, expected)
    return Outputs(values=values, source=path, record=record, by_stack=by_stack)


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repeats)
    except OSError as error:
        raise OutputsError(
            f"{path} cannot be read: {error.strerror}. Fix its owner or its rights."
        ) from error
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, or no text at all
        raise OutputsError(f"{path} cannot be read: {error}. Run `{OUTPUTS}` to write it again.") from error


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise ValueError(f"the key {key!r} stands there {times} times")
    return dict(pairs)


def _read_values(path: Path) -> dict[str, str]:
    if not path.exists():
        raise OutputsError(f"no stack outputs {path}. Deploy first (`{DEPLOY}`), or run `{OUTPUTS}`.")
    values = _read_json(path)
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise OutputsError(f"{path} is no flat JSON object of texts. Run `{OUTPUTS}` to write it again.")
    return values


def _read_record(path: Path) -> OutputsRecord | None:
    if not record_path(path).exists():
        return None
    told = _read_json(record_path(path))
    written = told if isinstance(told, dict) else {}
    expected = {each.name for each in fields(OutputsRecord)}
    wrong = (expected ^ written.keys()) or {name for name in expected if not _fits(name, written[name])}
    if wrong:
        raise OutputsError(
            f"{record_path(path)} is no record that this version wrote: look at {', '.join(sorted(wrong))}. "
            f"Run `{OUTPUTS}`."
        )
    read: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in written.items()
    }
    return OutputsRecord(**read)


def _fits(name: str, value: object) -> bool:
    if name in {"regions", "stack_names"}:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return isinstance(value, str) or (name == "endpoint" and value is None)


def _refuse_other(path: Path, record: OutputsRecord, expected: Expected, *, accepts_template: bool) -> None:
    pairs: list[tuple[str, object, object]] = [
        ("target", record.target, expected.target.kind.value),
        ("suffix", record.suffix, expected.suffix),
        ("regions", record.regions, expected.regions),
    ]
    if expected.target.kind is TargetKind.ENDPOINT:
        pairs.append(("endpoint", record.endpoint, expected.target.endpoint))
    if expected.account is not None:
        pairs.append(("account", record.account, expected.account))
    for what, found, desired in pairs:
        if found != desired:
            raise OutputsError(
                f"{path} is about {what} {_named(found)}, and this run is about {_named(desired)}. Deploy "
                f"there (`{DEPLOY}`), or {INSTEAD[what]}."
            )
    if record.template_digest != expected.template_digest and not accepts_template:
        raise OutputsError(
            f"{path} is of another template (content {record.template_digest[:12]}…, here "
            f"{expected.template_digest[:12]}…). Deploy this one (`{DEPLOY}`), or say --accept-template."
        )


def _named(found: object) -> str:
    return " and ".join(found) if isinstance(found, tuple) else repr(found)


def _refuse_foreign_arns(path: Path, values: Mapping[str, str], expected: Expected) -> None:
    for key, value in values.items():
        arn = _ARN.match(value)
        if arn is None:
            continue
        if expected.account is not None and arn["account"] not in {expected.account, *expected.accounts}:
            raise OutputsError(
                f"stack output {key!r} in {path} is of account {arn['account']!r}, and the caller's account "
                f"is {expected.account!r}. Use that account's credentials, or deploy here."
            )
        if arn["region"] and arn["region"] not in expected.regions:
            raise OutputsError(
                f"stack output {key!r} in {path} is of region {arn['region']!r}, and the regions are "
                f"{', '.join(expected.regions)}. Run `{OUTPUTS}`, or fix [tool.qa.regions]."
            )
