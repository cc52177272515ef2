"""Fetching evidence: what cannot be had says why in its place; a target that is gone gets one request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from qa.errors import QaError
from qa.report.evidence import Call, Exhibit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa.stack.clients import Clients

T = TypeVar("T")

MOST = 6
"""Things of one kind that are looked at for one check: the last ones in its requests."""
LONGEST_TEXT = 12_000


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Asks for the evidence of one check, with clients of its own that no check has changed."""

    clients: Clients
    regions: tuple[str, ...]
    stacks: tuple[tuple[str, str], ...]
    """Name and region of each stack."""
    calls: tuple[Call, ...]
    items: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    """What each region had of the items that the failed check has deleted since: see Journal."""
    gone: str = ""
    """Why the target does not answer any more; then nothing else is sent."""

    def exhibit(self, title: str, *, region: str, requests: str, fetch: Callable[[], Exhibit]) -> Exhibit:
        """Return what `fetch` returns, or an exhibit that says why it could not be had."""
        if self.gone:
            return Exhibit(title=title, region=region, requests=requests, problem=self.gone)
        try:
            return fetch()
        except ClientError as error:
            return Exhibit(title=title, region=region, requests=requests, problem=str(error))
        except (BotoCoreError, OSError, QaError) as error:
            self.gone = f"the target does not answer any more: {error}"
            return Exhibit(title=title, region=region, requests=requests, problem=self.gone)

    def table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Callable[[], Iterable[Sequence[object]]],
        *,
        region: str,
        requests: str,
    ) -> Exhibit:
        """Return a table; `rows` asks AWS."""
        return self.exhibit(
            title,
            region=region,
            requests=requests,
            fetch=lambda: Exhibit(
                title=title,
                region=region,
                requests=requests,
                columns=tuple(columns),
                rows=tuple(tuple(text_of(cell) for cell in row) for row in rows()),
            ),
        )

    def text(self, title: str, read: Callable[[], str], *, region: str, requests: str) -> Exhibit:
        """Return a text; `read` asks AWS."""
        return self.exhibit(
            title,
            region=region,
            requests=requests,
            fetch=lambda: Exhibit(title=title, region=region, requests=requests, text=read()[-LONGEST_TEXT:]),
        )

    def named(self, service: str, *names: str, operations: Sequence[str] = ()) -> list[tuple[str, ...]]:
        """Return (region, value, …) of the last calls of a service that have all these parameters."""
        found: dict[tuple[str, ...], None] = {}
        for call in reversed(self.calls):
            if call.service != service or (operations and call.operation not in operations):
                continue
            if all(name in call.about for name in names):
                found.setdefault((call.region, *(call.about[name] for name in names)))
        return list(reversed(list(found)[:MOST]))


def text_of(value: object) -> str:
    """Return a cell's text: words as they are, times in UTC, nothing as a dash, the rest as JSON."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " Z"
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
