"""Removing what runs made: by a run's ledger, or without one by the run ID that things carry."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import QaError

from .bucket import ObjectVersion, settle_replication
from .ledger import DocumentsEntry, Entry, ObjectEntry
from .leftovers import find_leftovers
from .polling import polling_of
from .removal import remove, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from .clients import Clients
    from .project import Deployment
    from .run import Run

# Order of removal. States before mute rules: a rule that goes while its alarm rings lets the alarm call.
# Subscriptions before queues: a topic would go on sending to a queue that is gone.
ORDER = ("alarm-state", "mute-rule", "subscription", "queue", "item", "object", "documents", "stack-tag")
WORKERS = 8
ROUNDS = 3
"""How often the sweep looks: copies of documents arrive in the other bucket after the first look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What was removed, and what stayed with the reason."""

    removed: tuple[Entry, ...] = ()
    failed: tuple[tuple[Entry, str], ...] = ()

    def __add__(self, other: SweepReport) -> SweepReport:
        return SweepReport(removed=self.removed + other.removed, failed=self.failed + other.failed)


def sweep_run(clients: Clients, run: Run) -> SweepReport:
    """Remove what the run's ledger holds; what cannot be removed stays in it."""
    ledger = run.ledger
    entries = [(run.run_id, entry) for entry in ledger.remaining()]
    return _remove_all(clients, entries, when_removed=ledger.removed)


def sweep_leftovers(
    clients: Clients,
    deployment: Deployment,
    document_prefixes: Sequence[str],
    *,
    only: str | None = None,
    spare: Collection[str] = (),
) -> SweepReport:
    """Remove what carries a run ID, but for the runs to spare; of one run only, if one is given.

    A run that lives on another machine cannot be distinguished from a dead one.
    """
    report = SweepReport()
    for _ in range(ROUNDS):
        done = {*report.removed, *(entry for entry, _ in report.failed)}
        found = [
            each
            for each in leftovers(clients, deployment, document_prefixes, only=only, spare=spare)
            if each[1] not in done
        ]
        if not found:
            break
        report += _remove_all(clients, found, when_removed=lambda _: None)
    return report


def leftovers(
    clients: Clients,
    deployment: Deployment,
    document_prefixes: Sequence[str],
    *,
    only: str | None = None,
    spare: Collection[str] = (),
) -> tuple[tuple[str, Entry], ...]:
    """Return run ID and thing for what `sweep_leftovers` would remove at its first look; changes nothing."""
    return tuple(
        (run_id, entry)
        for run_id, entry in find_leftovers(clients, deployment, document_prefixes)
        if run_id not in spare and only in {None, run_id}
    )


def _remove_all(
    clients: Clients, entries: Sequence[tuple[str, Entry]], *, when_removed: Callable[[Entry], None]
) -> SweepReport:
    _let_documents_arrive(clients, [entry for _, entry in entries])

    def attempt(found: tuple[str, Entry]) -> SweepReport:
        run_id, entry = found
        try:
            remove(clients, entry, run_id=run_id)
        except QaError as error:
            return SweepReport(failed=((entry, str(error)),))
        with suppress(OSError):  # no space to write it down: the thing is gone all the same
            when_removed(entry)
        return SweepReport(removed=(entry,))

    report = SweepReport()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="qa-sweep") as pool:
        for kind in ORDER:
            of_kind = [found for found in entries if found[1].kind == kind]
            report = sum(pool.map(attempt, of_kind), report)
    return report


def _let_documents_arrive(clients: Clients, entries: Iterable[Entry]) -> None:
    """Wait for documents on their way: a copy that arrives in a swept bucket would be a new left-over."""
    documents = [entry for entry in entries if isinstance(entry, ObjectEntry | DocumentsEntry)]
    waiting: defaultdict[tuple[str, str], set[ObjectVersion]] = defaultdict(set)
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="qa-sweep") as pool:
        found = pool.map(lambda entry: versions_of(clients, entry), documents)
        for entry, its_versions in zip(documents, found, strict=True):
            waiting[entry.region, entry.bucket].update(its_versions)
    for (region, bucket), versions in waiting.items():
        settle_replication(clients.s3(region), bucket, versions, polling_of(clients.target))
