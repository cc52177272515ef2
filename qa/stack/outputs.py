"""The flat outputs file that a deployment hands over, and the record beside it."""

from __future__ import annotations

import errno
import json
import os
import re
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QaError, UsageError
from qa.invocation import DEPLOY, OUTPUTS

from .target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

FLAT_OUTPUTS = "flat-outputs.json"

_ARN = re.compile(r"arn:[^:]+:[^:]+:(?P<region>[^:]*):(?P<account>\d{12}):")

INSTEAD: Mapping[str, str] = {
    "target": "name what you mean with --target",
    "suffix": "name what you mean with --suffix",
    "regions": "fix [tool.qa.regions]",
    "endpoint": "name what you mean with --endpoint-url",
    "account": "take that account's credentials",
}


class OutputsError(QaError):
    """The outputs file cannot be used for this run."""


class MissingOutputError(QaError):
    """A stack output that a check needs is not in the outputs file."""

    def __init__(self, key: str, *, known: Collection[str], source: Path) -> None:
        near = get_close_matches(key, known, n=1)
        guess = f"Did you mean {near[0]!r}? " if near else f"It has: {', '.join(sorted(known))}. "
        super().__init__(f"no stack output {key!r} in {source}. {guess}After a deploy run `{OUTPUTS}`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputsRecord:
    """What an outputs file is about. It never holds credentials."""

    target: str
    endpoint: str | None
    account: str
    regions: tuple[str, ...]
    suffix: str
    stack_names: tuple[str, ...]
    """One per region, in the order of `regions`."""
    template_digest: str
    time: str
    """ISO 8601, UTC; when the outputs were read from the stacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a run expects an outputs file to be about; account None when it is not known yet."""

    target: Target
    account: str | None
    regions: tuple[str, ...]
    suffix: str
    template_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """The outputs of both stacks: `outputs["TableName"]` is the value or raises MissingOutputError."""

    values: Mapping[str, str]
    source: Path
    record: OutputsRecord | None = None
    """None for a file that another pipeline wrote."""

    def __getitem__(self, key: str) -> str:
        __tracebackhide__ = True
        try:
            return self.values[key]
        except KeyError:
            raise MissingOutputError(key, known=self.values.keys(), source=self.source) from None

    def __contains__(self, key: str) -> bool:
        return key in self.values


def outputs_path(folder: Path, target: Target, *, run_id: str | None = None) -> Path:
    """Return where the flat outputs of a target lie; the embedded AWS has one place per run."""
    if target.kind is TargetKind.AWS:
        return folder / FLAT_OUTPUTS
    if target.kind is TargetKind.ENDPOINT:
        return folder / "endpoint" / FLAT_OUTPUTS
    if run_id is None:
        raise UsageError(
            "the embedded AWS lives inside a test run, and so do its outputs. Start `qa serve` and say "
            "--target endpoint."
        )
    return folder / "embedded" / run_id / FLAT_OUTPUTS


def record_path(outputs: Path) -> Path:
    """Return where the record of an outputs file lies."""
    return outputs.with_name("flat-outputs.record.json")


def merge_outputs(by_region: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the outputs of all stacks as one; raises OutputsError where two differ in a value."""
    merged: dict[str, str] = {}
    origin: dict[str, str] = {}
    for region, outputs in by_region.items():
        for key, value in outputs.items():
            if merged.setdefault(key, value) != value:
                raise OutputsError(
                    f"stack output {key!r} is {merged[key]!r} in {origin[key]} and {value!r} in {region}: "
                    "one flat file cannot hold both. Give the two outputs different keys."
                )
            origin.setdefault(key, region)
    return dict(sorted(merged.items()))


def write_outputs(path: Path, values: Mapping[str, str], record: OutputsRecord) -> Outputs:
    """Write outputs and record, each as a whole or not at all, and return them as values.

    Both are on the disk before the old ones go: a full disk loses nothing. The record goes first: outputs
    beside the record of an older deployment would be refused or, worse, believed. Raises OutputsError when
    the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as scratch:
            new_record = _scratch(record_path(path), asdict(record), scratch)
            new_outputs = _scratch(path, dict(values), scratch)
            path.unlink(missing_ok=True)
            new_record.replace(record_path(path))
            new_outputs.replace(path)
        _remove_scratch(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    return Outputs(values=dict(values), source=path, record=record)


def expect_writable(path: Path) -> None:
    """Raise OutputsError when outputs could not be written there, before there is work to lose."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(b"qa")
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> OutputsError:
    return OutputsError(
        f"the outputs cannot be written to {path}: {error.strerror}. What was there before is untouched. "
        f"Fix the folder (`outputs` in [tool.qa]) or free space; if the stacks stand, `{OUTPUTS}` "
        "writes the file."
    )


def _scratch(path: Path, content: object, ending: ExitStack) -> Path:
    """Return a complete new file beside `path`, which goes at the end unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    ending.callback(Path(name).unlink, missing_ok=True)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    Path(name).chmod(0o644)
    return Path(name)


def _remove_scratch(path: Path) -> None:
    """Remove what a deployment that was killed while it wrote left; one at work is spared."""
    for old in path.parent.glob(".flat-outputs.*"):
        with suppress(OSError):  # its deployment has renamed it, or taken it away
            if time.time() - old.stat().st_mtime > 60:
                old.unlink()


def discard_outputs(path: Path, *, stack_name: str) -> None:
    """Remove an outputs file and its record if they are about the stacks of this name."""
    _remove_scratch(path)
    record = _read_record(path)
    if record is None or set(record.stack_names) != {stack_name}:
        return
    try:
        path.unlink(missing_ok=True)
        record_path(path).unlink()
    except OSError as error:
        raise OutputsError(
            f"{stack_name} is gone, and {path}, which is about it, cannot be removed: {error.strerror}. "
            "Remove it and the record beside it."
        ) from error


def read_outputs(path: Path, expected: Expected, *, accepts_template: bool = False) -> Outputs:
    """Return the outputs of a file that is about what is expected.

    Raises OutputsError when it is about another target, account, region or suffix, or another template
    unless that is accepted. A file without a record is held against its own ARNs only: check it against
    the live stacks.
    """
    values = _read_values(path)
    record = _read_record(path)
    if record is not None:
        _refuse_other(path, record, expected, accepts_template=accepts_template)
    _refuse_foreign_arns(path, values, expected)
    return Outputs(values=values, source=path, record=record)


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repeats)
    except OSError as error:
        raise OutputsError(
            f"{path} cannot be read: {error.strerror}. Fix its owner or its rights."
        ) from error
    except (ValueError, RecursionError) as error:  # ValueError: no JSON, or no text at all
        raise OutputsError(f"{path} cannot be read: {error}. Run `{OUTPUTS}` to write it anew.") from error


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
        raise OutputsError(f"{path} is no flat JSON object of texts. Run `{OUTPUTS}` to write it anew.")
    return values


def _read_record(path: Path) -> OutputsRecord | None:
    if not record_path(path).exists():
        return None
    parsed = _read_json(record_path(path))
    written = parsed if isinstance(parsed, dict) else {}
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
        if expected.account is not None and arn["account"] != expected.account:
            raise OutputsError(
                f"stack output {key!r} in {path} is of account {arn['account']!r}, and the caller's account "
                f"is {expected.account!r}. Use that account's credentials, or deploy here."
            )
        if arn["region"] and arn["region"] not in expected.regions:
            raise OutputsError(
                f"stack output {key!r} in {path} is of region {arn['region']!r}, and the regions are "
                f"{', '.join(expected.regions)}. Run `{OUTPUTS}`, or fix [tool.qa.regions]."
            )
