"""Documents of one run on their way from one region to the other."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qa.probe import s3
from qa.stack.ledger import ObjectEntry
from qa.wait import until

if TYPE_CHECKING:
    from qa.stack.clients import Clients
    from qa.stack.run import Run

    from .sides import Side, Sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A document put into one region; `key` is the same in both buckets."""

    region: str
    key: str
    version_id: str
    body: str

    def handed_over(self) -> dict[str, Any]:
        """Return the document as JSON has it."""
        return asdict(self)


def send_document(clients: Clients, sides: Sides, run: Run, *, region: str, purpose: str) -> Sent:
    """Put a document of our own into a region's bucket, once both copies are in the ledger."""
    key = f"qa/{run.run_id}/{purpose}-{secrets.token_hex(4)}.json"
    for side in (sides.primary, sides.secondary):
        bucket = side["DocumentsBucketName"]
        run.ledger.will_make(ObjectEntry(region=side.region, bucket=bucket, key=key))
    body = json.dumps({"purpose": purpose, "from": region, "noise": secrets.token_hex(64)})
    bucket = sides.of(region)["DocumentsBucketName"]
    version_id = s3.put_document(clients.s3(region), bucket, key, body.encode())
    return Sent(region=region, key=key, version_id=version_id, body=body)


def await_replication(clients: Clients, home: Side, sent: Sent, *, within: float) -> None:
    """Wait until the source calls the document replicated. FAILED is final; PENDING at the end is late."""
    client, bucket = clients.s3(home.region), home["DocumentsBucketName"]
    until(
        lambda: s3.replication_status(client, bucket, sent.key, sent.version_id),
        lambda status: status == "COMPLETED",
        # no status at all: the object was not eligible for any rule, and never will be
        reject=lambda status: status in ("FAILED", "absent", None),
        what=f"replication of {sent.key!r} from {bucket!r}",
        within=within,
        every=0.25,
    )


def assert_arrived(clients: Clients, away: Side, sent: Sent) -> None:
    """Assert that the other region holds the same bytes as the same version, as a replica."""
    __tracebackhide__ = True
    copy = s3.document(clients.s3(away.region), away["DocumentsBucketName"], sent.key)
    assert copy is not None, f"no {sent.key!r} in {away['DocumentsBucketName']}"
    found = (copy.body.decode(), copy.version_id, copy.replication, copy.key_arn)
    assert found == (sent.body, sent.version_id, "REPLICA", away["KMSKeyArn"])
