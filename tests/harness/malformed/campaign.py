"""A sweep over all modelled operations of an embedded AWS that holds one thing of each kind."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from qa.embedded.services import SERVICES
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

from .making import malformations
from .wire import sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.embedded.service.declaration import Service

    from .making import Malformation
    from .wire import Answer

BAD = ("failed on", "HTML", "traceback", "no answer", "server error")
WORDS = {
    "traceback": b"traceback (most recent call last)",
    "failed on": b"moto failed on",
    "HTML": b"<!doctype html",  # its Content-Type says nothing: moto labels JSON so, too
}
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)
ROLE = "arn:aws:iam::123456789012:role/worker"
KNOWN: dict[str, object] = {
    "Bucket": "documents",
    "Key": "a",
    "TableName": "orders",
    "TopicArn": "arn:aws:sns:us-east-1:123456789012:news",
    "RoleName": "worker",
    "RoleArn": ROLE,
    "Role": ROLE,
    "FunctionName": "worker",
    "logGroupName": "logs",
    "logStreamName": "stream",
    "UserName": "clerk",
    "PolicyDocument": TRUST,
    "AssumeRolePolicyDocument": TRUST,
    "TemplateBody": "Resources: {A: {Type: 'AWS::SNS::Topic'}}",
}


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many requests were answered how, and one line on each bad answer."""

    verdicts: Counter[str] = field(default_factory=Counter)
    finds: list[str] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """The number of answers that no caller can make sense of."""
        return sum(self.verdicts[each] for each in BAD)


def verdict_of(answer: Answer) -> str:
    """Return what kind of answer it is."""
    if answer.status == 0:
        return "no answer"
    for verdict, words in WORDS.items():
        if words in answer.body.lower():
            return verdict
    if answer.status >= 500:
        return "not modelled" if answer.status == 501 else "server error"
    return "refused" if answer.status >= 400 else "accepted"


def swept(
    endpoint: str, *, seed: str, share: int | None = None, only: str = "", protocols: str = ""
) -> Tally:
    """Send malformed requests to each operation; `share` of each, drawn by the seed, or all for None."""
    tally = Tally()
    session = Session()
    account = Account(endpoint)
    for service in _services(only):
        account.complete()
        known = account.known()
        model = session.get_service_model(service.name)
        for protocol in model.metadata.get("protocols", [model.metadata["protocol"]]):
            if protocols and protocol not in protocols.split(","):
                continue
            for name in sorted(service.coverage.modelled):
                if only and only not in f"{service.name}:{name}":
                    continue
                operation = model.operation_model(name)
                every = list(malformations(operation, known))
                drawn = _drawn(every, share, f"{seed}:{service.name}:{name}")
                for each in drawn:
                    _count(
                        tally, f"{service.name}:{name}", protocol, each, partial(sent, endpoint, operation)
                    )
                if name.startswith("Delete"):
                    account.complete()
    return tally


def _services(only: str) -> list[Service]:
    return [
        each
        for each in sorted(SERVICES, key=lambda each: each.name)
        if any(only in f"{each.name}:{name}" for name in each.coverage.modelled)
    ]


def _drawn(every: list[Malformation], share: int | None, seed: str) -> list[Malformation]:
    return every if share is None or share >= len(every) else random.Random(seed).sample(every, share)  # noqa: S311 - only a choice


def _count(
    tally: Tally,
    name: str,
    protocol: str,
    malformation: Malformation,
    send: Callable[[str, dict[str, Any]], Answer | None],
) -> None:
    answer = send(protocol, malformation.parameters)
    verdict = "cannot be sent" if answer is None else verdict_of(answer)
    tally.verdicts[verdict] += 1
    if answer is not None and verdict in BAD:
        path = ".".join(map(str, malformation.path))
        words = answer.body.decode("utf-8", "replace").partition("moto failed on")[2][:160] or answer.body[
            -300:
        ].decode("utf-8", "replace")
        tally.finds.append(f"{verdict}: {name} ({protocol}), {malformation.kind} at {path or '-'} {words}")


class Account:
    """One thing of each kind in an embedded AWS."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._client = cache(
            partial(
                boto3.client,
                region_name="us-east-1",
                endpoint_url=endpoint,
                aws_access_key_id=ADMIN_ACCESS_KEY_ID,
                aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        )

    def complete(self) -> None:
        """Make what is missing, or was deleted."""
        for make in _makings(self._client):
            try:
                make()
            except ClientError as there:
                if not any(part in str(there) for part in ("xist", "AlreadyOwnedByYou", "ResourceInUse")):
                    raise

    def known(self) -> dict[str, object]:
        """Return values of members that name what there is."""
        key = self._client("kms").list_keys()["Keys"][0]["KeyId"]
        return {**KNOWN, "QueueUrl": f"{self._endpoint}/123456789012/jobs", "KeyId": key}


def _makings(client: Callable[[str], Any]) -> Iterator[Callable[[], object]]:
    yield partial(client("s3").create_bucket, Bucket="documents")
    yield partial(client("s3").put_object, Bucket="documents", Key="a", Body=b"a")
    yield partial(
        client("dynamodb").create_table,
        TableName="orders",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield partial(client("sqs").create_queue, QueueName="jobs")
    yield partial(client("sns").create_topic, Name="news")
    yield partial(client("iam").create_role, RoleName="worker", AssumeRolePolicyDocument=TRUST)
    yield partial(client("iam").create_user, UserName="clerk")
    yield partial(
        client("lambda").create_function,
        FunctionName="worker",
        Role=ROLE,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Code={"ZipFile": _package()},
    )
    logs = client("logs")
    yield partial(logs.create_log_group, logGroupName="logs")
    yield partial(logs.create_log_stream, logGroupName="logs", logStreamName="stream")
    kms = client("kms")
    yield lambda: kms.list_keys()["Keys"] or kms.create_key()


def _package() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("index.js", "exports.handler = async () => 1")
    return content.getvalue()
