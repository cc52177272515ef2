"""One check's evidence, put together when it fails, and how to run that check again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
from typing import TYPE_CHECKING

from qa.live.reachability import is_reachable
from qa.private import make_private_folder, write_private
from qa.report.evidence import Evidence, Exhibit, evidence_of_json, evidence_to_json
from qa.stack.clients import Clients
from qa.stack.target import TargetKind

from .fetch import Fetcher
from .items import items_everywhere
from .services import exhibits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qa.live.handover import Live
    from qa.report.masking import Masker

    from .journal import Journal

FOLDER = "evidence"
OF_THE_RUNNER = "QA_"
"""Environment variables of this prefix change what checks do, so they belong to the command."""


def collect_exhibits(live: Live, journal: Journal) -> tuple[Exhibit, ...]:
    """Return everything that the calls of a check lead to; nothing where nobody answers any more."""
    if not is_reachable(live.target):
        return ()
    fetcher = Fetcher(
        clients=Clients(live.target),
        regions=live.deployment.region_names,
        stacks=tuple((place.stack_name, place.region) for place in live.deployment.places),
        calls=journal.calls(),
        items=journal.items(),
    )
    return tuple(exhibits(fetcher))


def items_of(live: Live, table: str, key: str) -> dict[str, str]:
    """Return an item as each region of a run has it now; clients of their own, so that no check counts it."""
    return items_everywhere(Clients(live.target), live.deployment.region_names, table, key)


def reproducing(live: Live, nodeid: str, environ: Mapping[str, str], *, stack_name: str | None = None) -> str:
    """Return a command line that runs one check against the same target."""
    target = live.target
    words = ["python", "-m", "pytest", plain_nodeid(nodeid), "--target", target.kind.value]
    if target.kind is TargetKind.ENDPOINT and target.endpoint is not None:
        words += ["--endpoint-url", target.endpoint]
    if target.profile is not None:
        words += ["--profile", target.profile]
    words += ["--suffix", live.deployment.suffix]
    if stack_name is not None:
        words += ["--stack-name", stack_name]
    settings = [f"{name}={environ[name]}" for name in sorted(environ) if name.startswith(OF_THE_RUNNER)]
    return shlex.join([*settings, *words])


def plain_nodeid(nodeid: str) -> str:
    """Return the node ID without the group that xdist appends to it."""
    return re.sub(r"@[\w.-]+$", "", nodeid)


def keep(folder: Path, evidence: Evidence, masker: Masker) -> None:
    """Write the evidence of one check, masked, where the controller will find it."""
    make_private_folder(folder)
    text = json.dumps(evidence_to_json(masker.value(evidence)), ensure_ascii=False)
    # the ID of a check alone is not enough: ready checks of one kind share it
    test = hashlib.sha256(evidence.nodeid.encode()).hexdigest()[:12]
    write_private(folder / f"{evidence.check}-{test}-{os.getpid()}.json", text)


def kept(folder: Path) -> Iterator[Evidence]:
    """Yield what the workers have written."""
    for path in sorted(folder.glob("*.json")):
        yield evidence_of_json(json.loads(path.read_text(encoding="utf-8")))
