"""What a person would fetch by hand for a check that is not green, as values and as JSON.

A worker writes one file per check; the controller reads them at the end. All of it is masked before it
is written.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of a check to AWS, or several equal ones on end: what identifies, never the payload."""

    at: str
    """When the last of them was answered, UTC, ISO 8601."""
    service: str
    operation: str
    region: str
    about: Mapping[str, str]
    """Parameters that name things, such as TableName and Key."""
    request_id: str
    """Of the last of them; empty when no answer came."""
    outcome: str
    """The HTTP status, or AWS's error code and message, or why no answer came."""
    response: Mapping[str, str] = field(default_factory=dict)
    """What the last response said of it, such as an item or a replication status."""
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One thing that was looked at after the check went red: a table, a text, or why it could not be had."""

    title: str
    region: str
    requests: str
    """The operations that were called."""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    problem: str = ""
    """Why it could not be fetched."""
    is_background: bool = False
    """True for what is seldom the answer: it is shown folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was gathered for one check."""

    nodeid: str
    check: str
    reproduce: str
    """A command line that runs this check alone against the same target."""
    words: str
    """What the check itself says: the message of its failure."""
    failure: str
    """All that pytest reports of the failure."""
    calls: tuple[Call, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """Return it as JSON has it."""
    return asdict(evidence)


def evidence_of_json(parsed: Mapping[str, Any]) -> Evidence:
    """Return what `evidence_to_json` made a file of."""
    exhibits = tuple(
        Exhibit(
            **{
                **each,
                "columns": tuple(each["columns"]),
                "rows": tuple(tuple(row) for row in each["rows"]),
            }
        )
        for each in parsed["exhibits"]
    )
    calls = tuple(Call(**each) for each in parsed["calls"])
    return Evidence(**{**parsed, "calls": calls, "exhibits": exhibits})
