"""One input through the commands, as a user starts them, and what must not come of it."""

from __future__ import annotations

import contextlib
import io
import sys
import time
import traceback
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import qa
from qa.cli import main

from .outputs import UNPARSEABLE, faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .given import Given

CHECK_FORMS = ("text", "line", "json", "sarif", "github")
GRAPH_FORMS = ("dot", "mermaid", "svg")
LONGEST = 5.0
"""Seconds of CPU time that one command may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an input."""

    codes: tuple[int, ...]
    """Exit codes of the commands."""
    cpu: float
    """Seconds of CPU time of the slowest command."""
    failures: tuple[str, ...]
    """What must not happen, one line each, then perhaps the traceback."""


def judged(given: Given, folder: Path, forms: Sequence[str]) -> Verdict:
    """Run `qa check` or `qa graph` on an input, once per form."""
    path = folder / given.name
    path.write_bytes(given.content)
    codes, times, failures = [], [0.0], []
    for form in forms:
        command = "check" if form in CHECK_FORMS else "graph"
        words = [command, str(path), "--format", form, *given.options]
        started = time.process_time()
        code, found = _run(words, form)
        times.append(time.process_time() - started)
        codes.append(code)
        failures += found
        if times[-1] > LONGEST:
            failures.append(f"slow: {command} --format {form} took {times[-1]:.1f} s of CPU time")
    return Verdict(codes=tuple(codes), cpu=max(times), failures=tuple(failures))


def _run(words: list[str], form: str) -> tuple[int, list[str]]:
    out, err = (
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors, newline="")
        for errors in ("strict", "backslashreplace")  # as Python opens them
    )
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    except SystemExit as end:
        return 2, [] if end.code == 2 else [f"exit: {end.code!r}"]
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the find
        return -1, [f"uncaught: {_signature(error)}\n{_trace(error)}"]
    found = [] if code in {0, 1, 2} else [f"exit: code {code}"]
    reported = _written(err)
    wild = next(
        (each for each in reported if each != "\n" and unicodedata.category(each) in {"Cc", "Cs"}), None
    )
    if wild is not None:
        found.append(f"stderr: the character {wild!r} reaches the terminal")
    if code == 2 and not reported.startswith("qa "):
        found.append("stderr: refused without a reason")
    try:
        found += faults(form, _written(out))
    except UNPARSEABLE as error:
        found.append(f"{form}: cannot be read: {type(error).__name__}: {error}")
    return code, found


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


def _signature(error: BaseException) -> str:
    """Return type and innermost place in qa: what tells one find from another."""
    ours = str(Path(qa.__file__).parent)  # a checkout may be called qa as well
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.startswith(ours)]
    place = f"{Path(steps[-1].filename).name}:{steps[-1].name}" if steps else "nowhere in qa"
    return f"{type(error).__name__} in {place}: {str(error)[:80]!r}"


def _trace(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error, limit=-6)).encode("utf-8", "backslashreplace").decode()
    return lines[-3000:] if sys.getsizeof(lines) > 3000 else lines
