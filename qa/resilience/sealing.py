"""Checks of protected values: stored and logged nowhere in clear."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING, Any, Unpack

from qa.probe import dynamodb, kms, s3
from qa.probe.errors import RefusedError

from .buckets import BUCKETS, destination_of
from .events import FUNCTIONS, Event, ItemLeft, Left, ObjectsLeft, expect_answer, item_key, new_event
from .ready import Common, Given, Test, ready
from .records import TABLES, replica_in
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.probe.lambda_ import Invocation

    from .events import Sent
    from .naming import Name, Thing
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check


def sealed(
    field: str,
    *,
    calls: Name,
    event: Event,
    leaves: Sequence[Left],
    stored_as: str | None = None,
    context: Mapping[str, str] | None = None,
    expect: object = None,
    logs: bool = True,
    **common: Unpack[Common],
) -> Test:
    """A protected field of an event is stored and logged nowhere in clear, and opens at home.

    The field of the event gets a marked value in each region, and what the function leaves of the event
    (items, objects, the end of its log) is searched for it. `stored_as` names the attribute of the item that
    holds the ciphertext in base64; it is decrypted with `context`, in whose texts `{qa}` and `{event.FIELD}`
    are filled in.

    Red: the value in an item, an object or a log; a ciphertext that does not open, or opens to another value.
    Needs: Lambda and what it calls, KMS.
    """

    def body(scene: Scene, given: Given) -> None:
        scene.will_write(f"invoke {calls}")
        functions = scene.estate.everywhere(calls, FUNCTIONS, regions=given.regions or scene.estate.regions)

        def check(region: str) -> None:
            function = functions[region]
            marker = f"QA{secrets.token_hex(10).upper()}"
            sent = new_event(scene, lambda name: {**_made(event, name), field: marker}, leaves)
            answer = expect_answer(scene, function, sent, expect)
            items = _items(scene, function, leaves, sent)
            _expect_unseen(scene, function, (marker, field, sent), items, leaves, answer if logs else None)
            if stored_as is not None:
                bound = {key: sent.filled(value) for key, value in (context or {}).items()}
                _expect_opens(scene, function, items, (stored_as, marker, bound))

        scene.in_each(functions, check)

    return ready(25, "sealed", common, body)


def _made(event: Event, name: str) -> dict[str, Any]:
    if callable(event):
        made: dict[str, Any] = event(name)
        return made
    return {
        key: value.replace("{qa}", name) if isinstance(value, str) else value for key, value in event.items()
    }


def _items(scene: Scene, function: Thing, leaves: Sequence[Left], sent: Sent) -> dict[str, dynamodb.Item]:
    """Return the items that an event became, by table; red where one is not there."""
    found = {}
    for left in leaves:
        if isinstance(left, ItemLeft):
            table = scene.estate.everywhere(left.table, TABLES, linked=replica_in(scene))[function.region]
            key = item_key(scene, table, left, sent)
            item = dynamodb.item(scene.clients.dynamodb(function.region), table.name, key, consistent=True)
            if item is None:
                raise red(
                    table,
                    found=f"no item {key}",
                    expected="what the function stores of the event",
                    fix="Look at the function, or at the key that `leaves` names.",
                )
            found[str(table)] = item
    return found


def _objects(scene: Scene, function: Thing, leaves: Sequence[Left], sent: Sent) -> dict[str, str]:
    found = {}
    for left in leaves:
        if isinstance(left, ObjectsLeft):
            buckets = scene.estate.everywhere(left.bucket, BUCKETS, linked=destination_of(scene))
            client, bucket = scene.clients.s3(function.region), buckets[function.region]
            for key in s3.keys_below(client, bucket.name, sent.filled(left.prefix)):
                document = s3.document(client, bucket.name, key)
                body = b"" if document is None else document.body
                found[f"object {key} of {bucket}"] = body.decode("utf-8", "replace")
    return found


def _expect_unseen(
    scene: Scene,
    function: Thing,
    marked: tuple[str, str, Sent],
    items: Mapping[str, dynamodb.Item],
    leaves: Sequence[Left],
    answer: Invocation | None,
) -> None:
    marker, field, sent = marked
    texts = {f"the item of {table}": str(item) for table, item in items.items()}
    texts |= _objects(scene, function, leaves, sent)
    if answer is not None:
        if "RequestId" not in answer.log_tail:
            raise red(
                function,
                found="no log of the invocation",
                expected="its last lines",
                fix="Give its role the rights to its log group: nothing could be searched.",
            )
        texts[f"the log of {function}"] = answer.log_tail
    seen = [where for where, text in texts.items() if marker in text]
    if seen:
        raise red(
            function,
            found=f"the value of {field!r} in clear in {' and '.join(seen)}",
            expected="only its ciphertext",
            fix="Encrypt it before it is stored, and keep it out of the log.",
        )


def _expect_opens(
    scene: Scene,
    function: Thing,
    items: Mapping[str, dynamodb.Item],
    expected: tuple[str, str, Mapping[str, str]],
) -> None:
    attribute, marker, context = expected
    for table, item in items.items():
        stored = next(iter(item.get(attribute, {"S": ""}).values()))
        try:
            opened = kms.decrypt(
                scene.clients.kms(function.region), base64.b64decode(stored, validate=True), context=context
            ).plaintext.decode("utf-8", "replace")
        except binascii.Error:
            opened = "no base64"
        except RefusedError as refused:
            if refused.code not in {
                "InvalidCiphertextException",
                "AccessDeniedException",
                "NotFoundException",
            }:
                raise
            opened = refused.code
        if opened != marker:
            raise red(
                f"{attribute!r} of the item of {table}",
                found=f"{opened} with the keys of {function.region} and the context {dict(context)}",
                expected="the value of the event",
                fix="Encrypt under the region's own multi-Region key, with a context that readers know.",
            )
