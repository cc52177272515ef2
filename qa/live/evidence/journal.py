"""The requests of each check, written down as it goes, so that a red one can show it.

The journal listens to botocore's own events on the run's clients. It keeps what names a thing and what
came back about it; payloads, items that are written and ciphertexts never enter it.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qa.report.evidence import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import boto3

LONGEST = 400
"""Calls that are kept of one check; the oldest go first."""
NAMING = frozenset(
    {
        *("StackName", "RoleName", "PolicySourceArn", "ActionNames", "ResourceArns", "ResourceArn"),
        *("AlarmName", "AlarmNames", "AlarmMuteRuleName", "Name", "TopicArn", "SubscriptionArn"),
        *("TableName", "Key", "KeyId", "Bucket", "VersionId", "Prefix", "QueueName", "QueueUrl"),
        *("FunctionName", "logGroupName", "logGroupNamePrefix"),
    }
)
"""Parameters that name things. A payload, an item or a text to encrypt is none."""
ANSWERS = {
    ("dynamodb", "GetItem"): ("Item",),
    ("s3", "HeadObject"): ("ReplicationStatus", "VersionId", "SSEKMSKeyId", "LastModified"),
    ("s3", "GetObject"): ("ReplicationStatus", "VersionId", "SSEKMSKeyId", "LastModified"),
    ("s3", "PutObject"): ("VersionId", "SSEKMSKeyId"),
    ("s3", "GetBucketPolicy"): ("Policy",),
    ("s3", "GetBucketPolicyStatus"): ("PolicyStatus",),
    ("s3", "GetBucketEncryption"): ("ServerSideEncryptionConfiguration",),
    ("s3", "GetPublicAccessBlock"): ("PublicAccessBlockConfiguration",),
    ("lambda", "Invoke"): ("FunctionError", "LogResult"),
    ("dynamodb", "DescribeContinuousBackups"): ("ContinuousBackupsDescription",),
    ("kms", "GetKeyRotationStatus"): ("KeyRotationEnabled",),
    ("logs", "DescribeLogGroups"): ("logGroups",),
    ("iam", "SimulatePrincipalPolicy"): ("EvaluationResults",),
}
"""What of an answer is kept, by service and operation."""
PENDING = "qa_call"
MOST_ITEMS = 3
LONGEST_ANSWER = 8_000
POLLED_TOGETHER = 20
"""How many questions a check may poll in turn and still have one line each."""


class Journal:
    """The calls of the check that runs in this process; safe to use from several threads.

    `look` reads an item in every region. It is called when a check that has failed is about to delete the
    item, for the clean-up would take the evidence away; a green check costs no request.
    """

    def __init__(self, look: Callable[[str, str], Mapping[str, str]] = lambda _table, _key: {}) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._items: dict[tuple[str, str], Mapping[str, str]] = {}

    def watch(self, session: boto3.Session) -> None:
        """Write down the calls of all clients that this session will make."""
        session.events.register("before-parameter-build", self._on_request)
        session.events.register("after-call", self._on_response)
        session.events.register("after-call-error", self._failed)

    def begin(self) -> None:
        """Forget the check before."""
        with self._lock:
            self._calls.clear()
            self._items.clear()

    def calls(self) -> tuple[Call, ...]:
        """Return the calls so far, oldest first, equal ones on end as one."""
        with self._lock:
            return tuple(self._calls)

    def items(self) -> dict[tuple[str, str], Mapping[str, str]]:
        """Return the items that a failed check deleted, by (table, key as JSON): what each region had."""
        with self._lock:
            return dict(self._items)

    def _on_request(
        self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        about = {name: _text(value) for name, value in params.items() if name in NAMING}
        context[PENDING] = (model, about)  # of a request without an answer botocore gives the context alone
        # the failure that a `finally` is passing on while it cleans up
        failing = isinstance(sys.exc_info()[1], AssertionError)
        if failing and model.name == "DeleteItem" and len(self._items) < MOST_ITEMS:
            seen = self._look(about["TableName"], about["Key"])
            with self._lock:
                self._items.setdefault((about["TableName"], about["Key"]), seen)

    def _on_response(
        self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        metadata = parsed.get("ResponseMetadata", {})
        error = parsed.get("Error")
        status = str(metadata.get("HTTPStatusCode", ""))
        outcome = f"{error.get('Code')}: {error.get('Message')}" if error else status
        self._add(
            context,
            request_id=str(metadata.get("RequestId", "")),
            outcome=outcome,
            response={} if error else _shown(model, parsed),
        )

    def _failed(self, exception: Exception, context: dict[str, Any], **_: object) -> None:
        self._add(context, request_id="", outcome=f"no answer: {exception}", response={})

    def _add(
        self, context: dict[str, Any], *, request_id: str, outcome: str, response: dict[str, str]
    ) -> None:
        model, about = context[PENDING]
        call = Call(
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            service=_service(model),
            operation=model.name,
            region=str(context.get("client_region", "")),
            about=about,
            request_id=request_id,
            outcome=outcome,
            response=response,
        )
        with self._lock:
            self._calls = merged(self._calls, call)[-LONGEST:]


def merged(calls: list[Call], call: Call) -> list[Call]:
    """Return the calls and one more; a poll that answers as the last time only counts up."""
    for index in range(len(calls) - 1, max(-1, len(calls) - POLLED_TOGETHER - 1), -1):
        last = calls[index]
        if _question(last) != _question(call):
            continue
        if _is_poll(call) and (last.outcome, last.response) == (call.outcome, call.response):
            again = dataclasses.replace(call, times=last.times + 1)
            return [*calls[:index], *calls[index + 1 :], again]
        break  # the answer has changed since: that is worth a line of its own
    return [*calls, call]


def _question(call: Call) -> tuple[object, ...]:
    return (call.service, call.operation, call.region, call.about)


def _is_poll(call: Call) -> bool:
    # each Invoke is an execution of its own, with a log of its own
    return call.operation.startswith(("Get", "Describe", "List", "Head", "Receive", "Filter"))


def _service(model: Any) -> str:
    return str(model.service_model.service_name)


def _shown(model: Any, parsed: Mapping[str, Any]) -> dict[str, str]:
    kept = ANSWERS.get((_service(model), model.name), ())
    found = {name: parsed[name] for name in kept if parsed.get(name) is not None}
    if model.name == "GetItem" and "Item" not in found:
        return {"Item": "absent"}
    texts = {name: _log(value) if name == "LogResult" else _text(value) for name, value in found.items()}
    return {name: text[:LONGEST_ANSWER] for name, text in texts.items()}


def _log(encoded: object) -> str:
    try:
        return base64.b64decode(str(encoded)).decode("utf-8", "replace")
    except binascii.Error:
        return str(encoded)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
