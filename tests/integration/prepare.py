"""What a run starts before its first check: documents, which take their time to replicate.

What goes wrong here is told to the check that awaits it; the other checks run all the same.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from qa.errors import QaError
from qa.stack.outputs import MissingOutputError

from .documents import Sent, send_document
from .sides import sides_of
from .transactions import Transactions, document_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.live.handover import Live
    from qa.stack.clients import Clients

    from .sides import Side, Sides


def prepare(live: Live, clients: Clients) -> dict[str, Any]:
    """Send a document, and transactions whose processors write documents both ways."""
    sides = sides_of(live.outputs, live.regions)
    transactions = Transactions(clients=clients, sides=sides, run=live.run)
    work: dict[str, Callable[[], dict[str, Any]]] = {}
    for side in (sides.primary, sides.secondary):
        work[f"S3 {side.region}"] = partial(_processed, transactions, side)
    work["S4"] = partial(_document, clients, sides, live, sides.primary, "destroy")
    with ThreadPoolExecutor(len(work)) as pool:
        return dict(zip(work, pool.map(_guarded, work.values()), strict=True))


def _guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except MissingOutputError as error:
        return {"missing": str(error)}
    except QaError as error:
        return {"error": str(error)}


def _document(clients: Clients, sides: Sides, live: Live, side: Side, purpose: str) -> dict[str, Any]:
    return send_document(clients, sides, live.run, region=side.region, purpose=purpose).handed_over()


def _processed(transactions: Transactions, side: Side) -> dict[str, Any]:
    event = transactions.new()
    answer = transactions.send(side, event)
    document = transactions.document(side, event)
    if document is None:
        return {"wrong": f"{side['LambdaFunctionName']} answered {answer} and wrote no {document_key(event)}"}
    return Sent(
        region=side.region,
        key=document_key(event),
        version_id=document.version_id,
        body=document.body.decode(),
    ).handed_over()


def prepared_document(prepared: Mapping[str, Any], what: str) -> Sent:
    """Return what the prepare step sent.

    Raises AssertionError when the stack let it write nothing, QaError when it could not find out.
    """
    __tracebackhide__ = True
    reported = prepared[what]
    assert "wrong" not in reported, reported["wrong"]
    if "error" in reported or "missing" in reported:
        raise QaError(
            f"the document of {what} could not be sent: {reported.get('error') or reported['missing']}"
        )
    return Sent(**reported)
