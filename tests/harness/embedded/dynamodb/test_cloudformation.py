"""AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table, deployed through CloudFormation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from qa.embedded.dynamodb.properties import check_replicas
from qa.embedded.service.resource_types import InvalidPropertiesError
from tests.harness.embedded.one_resource import FailedError, OneResource

from .conftest import EAST, WEST
from .serving import client

if TYPE_CHECKING:
    from qa.embedded.world import World


@pytest.fixture
def cloudformation(world: World) -> Any:
    return client(world, "cloudformation", EAST)


def replica(region: str, **settings: Any) -> dict[str, Any]:
    return {"Region": region, **settings}


def properties(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        "Replicas": [replica(EAST), replica(WEST)],
    } | changes


def body(kind: str, expected: dict[str, Any]) -> str:
    attributes = ("Arn", "StreamArn", "TableId") if kind == "GlobalTable" else ("Arn",)
    outputs: dict[str, Any] = {name: {"Value": {"Fn::GetAtt": ["Orders", name]}} for name in attributes}
    outputs["Name"] = {"Value": {"Ref": "Orders"}}
    resource = {"Type": f"AWS::DynamoDB::{kind}", "Properties": expected}
    return json.dumps({"Resources": {"Orders": resource}, "Outputs": outputs})


@pytest.fixture
def name() -> str:
    return f"orders-{uuid4().hex[:8]}"


def deploy(
    cloudformation: Any, name: str, expected: dict[str, Any], kind: str = "GlobalTable"
) -> dict[str, str]:
    cloudformation.create_stack(StackName=name, TemplateBody=body(kind, expected))
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def recovery(dynamodb: Any, name: str) -> str:
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return str(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])


def test_a_global_table_gives_its_name_and_attributes(cloudformation: Any, east: Any, name: str) -> None:
    outputs = deploy(cloudformation, name, properties(name))

    table = east.describe_table(TableName=name)["Table"]
    assert outputs == {
        "Name": name,
        "Arn": f"arn:aws:dynamodb:us-east-1:123456789012:table/{name}",
        "StreamArn": table["LatestStreamArn"],
        "TableId": table["TableId"],
    }


def test_each_replica_has_the_settings_of_its_own(
    cloudformation: Any, east: Any, west: Any, name: str
) -> None:
    settings = {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "DeletionProtectionEnabled": True,
        "Tags": [{"Key": "Region", "Value": "west"}],
    }
    deploy(cloudformation, name, properties(name, Replicas=[replica(EAST), replica(WEST, **settings)]))

    tables = [each.describe_table(TableName=name)["Table"] for each in (east, west)]
    west_arn = f"arn:aws:dynamodb:us-west-2:123456789012:table/{name}"
    assert [table["DeletionProtectionEnabled"] for table in tables] == [False, True]
    assert tables[1]["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    assert (recovery(east, name), recovery(west, name)) == ("DISABLED", "ENABLED")
    assert west.list_tags_of_resource(ResourceArn=west_arn)["Tags"] == [{"Key": "Region", "Value": "west"}]


def test_each_replica_is_encrypted_by_the_key_of_its_region(
    world: World, cloudformation: Any, east: Any, west: Any, name: str
) -> None:
    deploy(cloudformation, name, properties(name))

    keys = [
        client(world, "kms", region).describe_key(KeyId="alias/aws/dynamodb")["KeyMetadata"]["Arn"]
        for region in (EAST, WEST)
    ]
    tables = [each.describe_table(TableName=name)["Table"] for each in (east, west)]
    assert [table["SSEDescription"]["KMSMasterKeyArn"] for table in tables] == keys


def test_an_update_changes_replicas_in_place(cloudformation: Any, east: Any, west: Any, name: str) -> None:
    deploy(cloudformation, name, properties(name))
    east.put_item(TableName=name, Item={"id": {"S": "1"}})
    changed = [
        replica(EAST, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}),
        replica("eu-west-1"),
    ]

    cloudformation.update_stack(
        StackName=name, TemplateBody=body("GlobalTable", properties(name, Replicas=changed))
    )

    assert recovery(east, name) == "ENABLED"
    table = east.describe_table(TableName=name)["Table"]
    assert [each["RegionName"] for each in table["Replicas"]] == ["eu-west-1"]
    assert table["ItemCount"] == 1
    assert name not in west.list_tables()["TableNames"]


def test_a_stack_just_deployed_can_be_deleted(cloudformation: Any, east: Any, west: Any, name: str) -> None:
    deploy(cloudformation, name, properties(name))

    cloudformation.delete_stack(StackName=name)

    assert name not in east.list_tables()["TableNames"] + west.list_tables()["TableNames"]


def test_a_plain_table_keeps_recovery_and_encryption(cloudformation: Any, east: Any, name: str) -> None:
    expected = properties(
        name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7}
    )
    del expected["Replicas"]

    deploy(cloudformation, name, expected, "Table")

    backups = east.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"] == 7
    assert east.describe_table(TableName=name)["Table"]["SSEDescription"]["SSEType"] == "KMS"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "without the stack's region": (
        {"Replicas": [replica(WEST)]},
        "The Replicas section must contain an entry for the current region",
    ),
    "a region twice": (
        {"Replicas": [replica(EAST), replica(EAST)]},
        "The Replicas section must not contain a region twice",
    ),
    "without a stream": (
        {"StreamSpecification": {}},
        "StreamSpecification must be provided for a global table with more than one replica",
    ),
    "another stream": (
        {"StreamSpecification": {"StreamViewType": "KEYS_ONLY"}},
        (
            "StreamViewType must be NEW_AND_OLD_IMAGES for a global table with more than one replica, "
            "not KEYS_ONLY"
        ),
    ),
    "a key for one replica only": (
        {"Replicas": [replica(EAST, SSESpecification={"KMSMasterKeyId": "k"}), replica(WEST)]},
        "KMSMasterKeyId must be specified for each replica",
    ),
    "a key for the whole table": (
        {"SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": "k"}},
        (
            "Encountered unsupported property KMSMasterKeyId: a global table takes it in "
            "Replicas[].SSESpecification, one key for each region"
        ),
    ),
    "what is not modelled": (
        {"Replicas": [replica(EAST, ContributorInsightsSpecification={"Enabled": True})]},
        "ContributorInsightsSpecification of Replicas is not modelled by the embedded AWS",
    ),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_wrong_replicas_are_refused_in_words(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidPropertiesError) as refused:
        check_replicas(properties("orders", **changes), region=EAST)

    assert refused.value.message == message


def stack_of(cloudformation: Any, name: str, kind: str = "GlobalTable") -> OneResource:
    return OneResource(cloudformation=cloudformation, kind=f"AWS::DynamoDB::{kind}", name=name)


def test_provisioned_capacity_of_a_global_table_is_refused_by_name(cloudformation: Any, name: str) -> None:
    with pytest.raises(FailedError) as refused:
        stack_of(cloudformation, name).create(properties(name, BillingMode="PROVISIONED"))

    assert str(refused.value) == (
        "BillingMode PROVISIONED of a global table is not modelled by the embedded AWS, "
        "only PAY_PER_REQUEST is"
    )


def test_a_protected_replica_keeps_the_whole_table(
    cloudformation: Any, east: Any, west: Any, name: str
) -> None:
    stack = stack_of(cloudformation, name)
    stack.create(properties(name, Replicas=[replica(EAST), replica(WEST, DeletionProtectionEnabled=True)]))

    with pytest.raises(FailedError) as refused:
        stack.delete()

    assert str(refused.value) == (
        f"1 validation error detected: Table '{name}' can't be deleted while DeletionProtectionEnabled "
        "is set to True"
    )
    assert [each.describe_table(TableName=name)["Table"]["TableName"] for each in (east, west)] == [
        name,
        name,
    ]


def test_what_changes_of_a_global_table_is_changed_in_place_and_back(
    cloudformation: Any, east: Any, west: Any, name: str
) -> None:
    index = {
        "IndexName": "by-day",
        "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    ids = {"AttributeName": "id", "AttributeType": "S"}
    stack, before = stack_of(cloudformation, name), properties(name)
    stack.create(before)
    made = east.describe_table(TableName=name)["Table"]["TableId"]

    stack.update(
        properties(
            name,
            AttributeDefinitions=[ids, {"AttributeName": "day", "AttributeType": "S"}],
            GlobalSecondaryIndexes=[index],
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "gone"},
            SSESpecification={"SSEEnabled": False},
            Replicas=[replica(EAST, TableClass="STANDARD_INFREQUENT_ACCESS"), replica(WEST)],
        )
    )
    changed = [state(each, name) for each in (east, west)]
    stack.update(before)

    assert changed == [
        (made, ["by-day"], "ENABLED", None, "STANDARD_INFREQUENT_ACCESS"),
        (None, ["by-day"], "ENABLED", None, "STANDARD"),
    ]
    assert [state(each, name) for each in (east, west)] == [
        (made, [], "DISABLED", "KMS", "STANDARD"),
        (None, [], "DISABLED", "KMS", "STANDARD"),
    ]


def test_a_global_table_whose_update_breaks_off_is_as_it_was(
    cloudformation: Any, east: Any, west: Any, name: str
) -> None:
    index = {
        "IndexName": "by-day",
        "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    ids = {"AttributeName": "id", "AttributeType": "S"}
    stack, before = stack_of(cloudformation, name), properties(name)
    stack.create(before)
    standing = [state(each, name) for each in (east, west)]
    nowhere = {"SSESpecification": {"KMSMasterKeyId": "00000000-0000-4000-8000-000000000000"}}

    with pytest.raises(FailedError, match="KMS validation error"):
        stack.update(
            properties(
                name,
                AttributeDefinitions=[ids, {"AttributeName": "day", "AttributeType": "S"}],
                GlobalSecondaryIndexes=[index],
                Replicas=[replica(region, **nowhere) for region in (EAST, "eu-west-1")],
            )
        )

    stacks = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert [each["StackStatus"] for each in stacks] == ["UPDATE_ROLLBACK_COMPLETE"]
    assert [state(each, name) for each in (east, west)] == standing


def state(dynamodb: Any, name: str) -> tuple[Any, ...]:
    """Return the ID in East, indexes, time to live, encryption and class of a table."""
    table = dynamodb.describe_table(TableName=name)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return (
        table["TableId"] if dynamodb.meta.region_name == EAST else None,
        [each["IndexName"] for each in table.get("GlobalSecondaryIndexes", [])],
        ttl["TimeToLiveStatus"],
        table.get("SSEDescription", {}).get("SSEType"),
        table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
    )


def test_another_key_makes_another_table(cloudformation: Any, east: Any, name: str) -> None:
    expected = properties(name)
    del expected["Replicas"], expected["TableName"]
    stack = stack_of(cloudformation, name, "Table")
    first = stack.create(expected)["Ref"]

    second = stack.update(
        {
            **expected,
            "AttributeDefinitions": [{"AttributeName": "other", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "other", "KeyType": "HASH"}],
        }
    )["Ref"]

    assert first != second
    assert {first, second} & set(east.list_tables()["TableNames"]) == {second}
