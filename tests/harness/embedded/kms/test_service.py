"""What other services ask of KMS for their callers, and the keys that AWS manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded import kms
from qa.embedded.world import Question

from .serving import ADMINISTRATOR

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

    from .serving import Served

VIA = "s3.us-east-1.amazonaws.com"
CONTEXT = {"aws:s3:arn": "arn:aws:s3:::documents"}


def data_key(served: Served, key: str) -> kms.DataKey:
    return kms.generate_data_key(
        served.world,
        region="us-east-1",
        key_arn_or_id=key,
        caller=ADMINISTRATOR,
        via_service=VIA,
        encryption_context=CONTEXT,
    )


def test_the_judge_is_asked_with_the_service_and_the_context(served: Served, east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]

    made = data_key(served, key)

    assert (made.key_arn, len(made.plaintext)) == (key, 32)
    assert served.judge.questions == [
        Question(
            caller=ADMINISTRATOR,
            action="kms:GenerateDataKey",
            resource=key,
            region="us-east-1",
            context={
                "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::documents",
                "kms:EncryptionContextKeys": ("aws:s3:arn",),
                "kms:ViaService": VIA,
                "kms:CallerAccount": "123456789012",
            },
        )
    ]


def test_a_refused_use_says_who_and_why(served: Served, east: KMSClient) -> None:
    key = east.create_key()["KeyMetadata"]["Arn"]
    served.judge.refused.add("kms:GenerateDataKey")

    with pytest.raises(kms.KmsRefusalError) as refused:
        data_key(served, key)

    assert str(refused.value) == (
        f"AccessDeniedException: User: {ADMINISTRATOR.arn} is not authorized to perform: "
        f"kms:GenerateDataKey on resource: {key} because a test refuses it"
    )


def test_a_data_key_opens_for_a_caller_who_may(served: Served, east: KMSClient) -> None:
    made = data_key(served, east.create_key()["KeyMetadata"]["Arn"])

    opened = kms.decrypt(
        served.world,
        region="us-east-1",
        key_arn_or_id=made.key_arn,
        ciphertext=made.ciphertext,
        caller=ADMINISTRATOR,
        via_service=VIA,
        encryption_context=CONTEXT,
    )

    assert opened == made.plaintext


def test_each_region_has_one_managed_key_of_a_service(
    served: Served, east: KMSClient, west: KMSClient
) -> None:
    first = kms.managed_key_arn(served.world, "us-east-1", "dynamodb")
    again = kms.managed_key_arn(served.world, "us-east-1", "dynamodb")
    other = kms.managed_key_arn(served.world, "us-west-2", "dynamodb")

    response = east.describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]

    assert (first == again, first == other) == (True, False)
    assert (response["Arn"], response["KeyManager"]) == (first, "AWS")
    assert east.get_key_rotation_status(KeyId=first)["KeyRotationEnabled"] is True
    aliases = {each["AliasName"]: each.get("TargetKeyId") for each in west.list_aliases()["Aliases"]}
    assert (aliases["alias/aws/dynamodb"], aliases["alias/aws/s3"]) == (other.rpartition("/")[2], None)
