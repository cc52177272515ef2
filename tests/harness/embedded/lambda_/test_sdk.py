"""A function reaches the embedded AWS through the AWS SDK v3, as its role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from .functions import Aws
from .stacks import deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STORE = """
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { KMSClient, EncryptCommand } = require('@aws-sdk/client-kms');
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const dynamodb = new DynamoDBClient(), kms = new KMSClient(), s3 = new S3Client();
exports.handler = async ({ table, bucket, key, id }) => {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({
    KeyId: key, Plaintext: Buffer.from('secret'), EncryptionContext: { id } }));
  const secret = Buffer.from(CiphertextBlob).toString('base64');
  await dynamodb.send(new PutItemCommand({
    TableName: table, Item: { id: { S: id }, secret: { S: secret } },
    ConditionExpression: 'attribute_not_exists(id)' }));
  const document = { Bucket: bucket, Key: `${id}.json`, Body: JSON.stringify({ id }), IfNoneMatch: '*' };
  await s3.send(new PutObjectCommand(document));
  const again = await s3.send(new PutObjectCommand(document)).catch((error) => error);
  return { secret, again: again.$metadata.httpStatusCode };
};
"""


@pytest.fixture(scope="module")
def store(aws: Aws) -> Mapping[str, Any]:
    """A table, a bucket and a key, as the event of STORE names them."""
    name = f"qa-{uuid4().hex[:8]}"
    aws.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.client("s3").create_bucket(Bucket=name)
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return {"table": name, "bucket": name, "key": key}


@pytest.mark.parametrize(
    "make", [pytest.param(Aws.function, id="uploaded"), pytest.param(deployed, id="inline")]
)
def test_function_encrypts_puts_an_item_and_puts_a_document_once(
    aws: Aws, store: Mapping[str, Any], make: Callable[..., str]
) -> None:
    record = uuid4().hex
    name = make(aws, STORE, MemorySize=512, Timeout=20)

    answer = aws.invoke(name, {**store, "id": record})

    assert (answer.get("FunctionError"), answer["Payload"]["again"]) == (None, 412)
    item = aws.client("dynamodb").get_item(TableName=store["table"], Key={"id": {"S": record}})["Item"]
    document = aws.client("s3").get_object(Bucket=store["bucket"], Key=f"{record}.json")["Body"].read()
    assert (item["secret"]["S"], json.loads(document)) == (answer["Payload"]["secret"], {"id": record})


def test_sdk_error_is_the_functions_error_by_its_aws_name(aws: Aws) -> None:
    name = aws.function(
        "const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');"
        "exports.handler = () => new DynamoDBClient().send("
        "  new PutItemCommand({ TableName: 'qa-missing', Item: { id: { S: '1' } } }));",
        MemorySize=256,
        Timeout=20,
    )

    answer = aws.invoke(name)

    assert (answer["FunctionError"], answer["Payload"]["errorType"]) == (
        "Unhandled",
        "ResourceNotFoundException",
    )
    places = {
        line.partition("(")[2].rpartition("/")[0] for line in answer["Payload"]["trace"] if "(/" in line
    }
    assert {place for place in places if not place.startswith(("/var/task", "/var/runtime"))} == set()
    assert "/var/runtime/node_modules/@aws-sdk/core/dist-cjs/submodules/protocols" in places


def test_sdk_can_be_imported_from_an_es_module(aws: Aws) -> None:
    name = aws.function(
        {
            "index.mjs": "import { KMSClient } from '@aws-sdk/client-kms';"
            "export const handler = async () => new KMSClient().config.region();"
        },
        MemorySize=256,
    )

    assert aws.invoke(name)["Payload"] == "us-east-1"


def test_function_acts_as_a_session_of_its_role(aws: Aws) -> None:
    from moto.sts.models import sts_backends  # noqa: PLC0415 - after the server has set moto up

    role_arn = aws.role()
    name = aws.function("exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;", Role=role_arn)

    key = aws.invoke(name)["Payload"]

    session = sts_backends["123456789012"]["aws"].get_assumed_role_from_access_key(key)
    assert session is not None
    assert (session.role_arn, session.arn) == (
        role_arn,
        f"arn:aws:sts::123456789012:assumed-role/{role_arn.rpartition('/')[2]}/{name}",
    )
