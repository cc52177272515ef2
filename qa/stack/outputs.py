"""The flat outputs file that a deployment hands over, and the record beside it."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import QaError, UsageError
from qa.invocation import OUTPUTS

from .target import Target, TargetKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

FLAT_OUTPUTS = "flat-outputs.json"

ByStack = dict[str, dict[str, "Mapping[str, str]"]]
"""Outputs by the stack's name in the settings, then by region."""


class OutputsError(QaError):
    """The outputs file cannot be used for this run."""


class MissingOutputError(QaError):
    """A stack output that a check needs is not in the outputs file."""

    def __init__(self, key: str, *, known: Collection[str], source: Path, what: str = "stack output") -> None:
        near = get_close_matches(key, known, n=1)
        guess = f"Did you mean {near[0]!r}? " if near else f"It has: {', '.join(sorted(known))}. "
        super().__init__(f"no {what} {key!r} in {source}. {guess}After a deploy run `{OUTPUTS}`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputsRecord:
    """What an outputs file is about. It never holds credentials."""

    target: str
    endpoint: str | None
    account: str
    regions: tuple[str, ...]
    suffix: str
    stack_names: tuple[str, ...]
    """One per stack and region, in the order of the settings."""
    template_digest: str
    time: str
    """ISO 8601, UTC; when the outputs were read from the stacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """The outputs of all stacks.

    `outputs["orders"]["eu-west-1"]["QueueUrl"]` is one stack's in one region, `outputs["TableName"]` that of
    whichever stack has it, where only one does; both raise MissingOutputError for what is not there.
    """

    values: Mapping[str, str]
    """Every output whose key has one value."""
    source: Path
    record: OutputsRecord | None = None
    """None for a file that another pipeline wrote."""
    by_stack: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """By the stack's name in the settings and by region."""

    def __getitem__(self, key: str) -> Any:
        __tracebackhide__ = True
        if key in self.by_stack:
            return StackOutputs(
                values=self.by_stack[key], what=f"region of stack {key!r}", source=self.source
            )
        if key in self.values:
            return self.values[key]
        several = [
            f"[{stack!r}][{region!r}]"
            for stack, regions in self.by_stack.items()
            for region, outputs in regions.items()
            if key in outputs
        ]
        if several:
            raise OutputsError(
                f"stack output {key!r} has several values. Expected one of: "
                f"{', '.join(f'outputs{each}[{key!r}]' for each in several)}."
            )
        raise MissingOutputError(key, known=self.values.keys(), source=self.source)

    def __contains__(self, key: str) -> bool:
        return key in self.values or key in self.by_stack

    def lines(self) -> tuple[str, ...]:
        """Return every output as a line; what has several values with stack and region."""
        several = [
            f"{stack} in {region}: {key} = {value}"
            for stack, regions in self.by_stack.items()
            for region, outputs in regions.items()
            for key, value in outputs.items()
            if key not in self.values
        ]
        return (*(f"{key} = {value}" for key, value in self.values.items()), *several)

    @property
    def count(self) -> int:
        """How many outputs there are."""
        return len(self.lines())


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOutputs:
    """The outputs of one stack by region, or of one region by key."""

    values: Mapping[str, Any]
    what: str
    """What a key is, for the message when it is not there."""
    source: Path

    def __getitem__(self, key: str) -> Any:
        __tracebackhide__ = True
        if key not in self.values:
            raise MissingOutputError(key, known=self.values.keys(), source=self.source, what=self.what)
        found = self.values[key]
        if isinstance(found, str):
            return found
        of_region = f"output of {self.what.removeprefix('region of ')} in {key}"
        return StackOutputs(values=found, what=of_region, source=self.source)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


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


def merge_outputs(several: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the outputs whose key has the same value wherever it is, by key."""
    values: dict[str, set[str]] = {}
    for outputs in several:
        for key, value in outputs.items():
            values.setdefault(key, set()).add(value)
    return {key: next(iter(found)) for key, found in sorted(values.items()) if len(found) == 1}


def stack_path(outputs: Path, stack: str, region: str) -> Path:
    """Return where the outputs of one stack in one region lie."""
    return outputs.with_name(f"{stack}.{region}.json")


def write_stack_outputs(path: Path, by_stack: ByStack, record: OutputsRecord) -> Outputs:
    """Write a file for each stack and region, the flat one and the record; otherwise as `write_outputs`."""
    each = {
        stack_path(path, stack, region): outputs
        for stack, regions in by_stack.items()
        for region, outputs in regions.items()
    }
    flat = write_outputs(path, merge_outputs(each.values()), record, more=each)
    return replace(flat, by_stack=by_stack)


def write_outputs(
    path: Path,
    values: Mapping[str, str],
    record: OutputsRecord,
    *,
    more: Mapping[Path, Mapping[str, str]] | None = None,
) -> Outputs:
    """Write outputs and record, each as a whole or not at all, and return them as values.

    All are on the disk before the old ones go: a full disk loses nothing. The record goes first: outputs
    beside the record of an older deployment would be refused or, worse, believed. Raises OutputsError when
    the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as scratch:
            new_record = _scratch(record_path(path), asdict(record), scratch)
            written = {
                each: _scratch(each, dict(outputs), scratch)
                for each, outputs in {**(more or {}), path: values}.items()
            }
            path.unlink(missing_ok=True)
            new_record.replace(record_path(path))
            for each, new in written.items():
                new.replace(each)
        remove_scratch(path)
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


def remove_scratch(path: Path) -> None:
    """Remove what a deployment that was killed while it wrote left; one at work is spared."""
    for old in path.parent.glob(".flat-outputs.*"):
        with suppress(OSError):  # its deployment has renamed it, or taken it away
            if time.time() - old.stat().st_mtime > 60:
                old.unlink()
