"""Invocations on the embedded AWS: cold, and warm against what the function does."""

from __future__ import annotations

import io
import json
import secrets
import time
import zipfile
from typing import TYPE_CHECKING

from qa.probe import dynamodb, lambda_

from .embedded import fresh_aws
from .figures import Figure, Samples
from .measuring import BenchmarkError, in_turns

if TYPE_CHECKING:
    from qa.stack.clients import Clients

REGION = "us-east-1"
NAME = "benchmark"
WARM_UP = 20
CODE = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const dynamodb = new DynamoDBClient({});
exports.handler = async ({ id }) => {
  await dynamodb.send(new PutItemCommand({ TableName: 'benchmark', Item: { id: { S: id } } }));
  return id;
};
"""


def cold_invoke() -> tuple[Figure, ...]:
    """The processor's first answer in a new environment: three SDK clients, one call to each service."""
    with fresh_aws() as aws:
        name = aws.deploy()["PrimaryLambdaFunctionName"]
        values = tuple(_cold(aws.clients, name, number) for number in range(10))
    return (Figure(measured=Samples(what="cold Invoke, three SDK clients", values=values), at_most=0.4),)


def _cold(clients: Clients, function_name: str, number: int) -> float:
    """Return the seconds of one invocation, after a change that ends the environments there are."""
    client = clients.lambda_(REGION)
    variables = client.get_function_configuration(FunctionName=function_name)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=function_name, Environment={"Variables": {**variables, "NUMBER": str(number)}}
    )
    event = {
        "transactionId": secrets.token_hex(8),
        "timestamp": 1_795_471_200_000,
        "amount": 12.5,
        "currency": "EUR",
        "accountNumber": "QA00",
    }
    begun = time.perf_counter()
    answer = lambda_.invoke(client, function_name, event)
    seconds = time.perf_counter() - begun
    stored = isinstance(answer.payload, dict) and answer.payload.get("statusCode") == 200
    if not stored or "Init Duration" not in answer.log_tail:
        raise BenchmarkError(f"{function_name!r} did not store it in a new environment: {answer}")
    return seconds


def warm_invoke() -> tuple[Figure, ...]:
    """A function that does one PutItem, against that PutItem by boto3; both in turns."""
    with fresh_aws() as aws:
        _make_table_and_function(aws.clients)
        in_turns(WARM_UP, lambda: _invoke(aws.clients), lambda: _put(aws.clients))
        invoked, put = in_turns(200, lambda: _invoke(aws.clients), lambda: _put(aws.clients))
    return (
        Figure(
            measured=Samples(what="warm Invoke doing one PutItem", values=invoked),
            reference=Samples(what="that PutItem alone", values=put),
            at_most_ratio=3.0,
        ),
    )


def _invoke(clients: Clients) -> None:
    answer = lambda_.invoke(clients.lambda_(REGION), NAME, {"id": secrets.token_hex(8)})
    if answer.error is not None:
        raise BenchmarkError(f"the benchmark's function answered {answer}")


def _put(clients: Clients) -> None:
    dynamodb.put_item(clients.dynamodb(REGION), NAME, {"id": {"S": secrets.token_hex(8)}})


def _make_table_and_function(clients: Clients) -> None:
    clients.dynamodb(REGION).create_table(
        TableName=NAME,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    clients.lambda_(REGION).create_function(
        FunctionName=NAME,
        Runtime="nodejs22.x",
        Handler="index.handler",
        MemorySize=512,
        Role=_role(clients),
        Code={"ZipFile": _packed(CODE)},
    )


def _role(clients: Clients) -> str:
    iam = clients.iam(REGION)
    role = iam.create_role(
        RoleName=NAME,
        AssumeRolePolicyDocument=_policy(
            Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole"
        ),
    )
    allowed = ["dynamodb:PutItem", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    iam.put_role_policy(
        RoleName=NAME, PolicyName="work", PolicyDocument=_policy(Action=allowed, Resource="*")
    )
    return role["Role"]["Arn"]


def _policy(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def _packed(code: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", code)
    return packed.getvalue()
