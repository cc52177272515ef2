"""Items travel between the regions of a global table after the lag; the last writer wins."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from qa.wait import until

from .conftest import EAST, WEST
from .serving import client

if TYPE_CHECKING:
    from qa.embedded.world import World

    from .conftest import Datum


def item(client: Any, table: str, key: str = "1") -> dict[str, Any] | None:
    found: dict[str, Any] | None = client.get_item(TableName=table, Key={"id": {"S": key}}).get("Item")
    return found


def await_item(client: Any, table: str, expected: dict[str, Any] | None, key: str = "1") -> None:
    until(
        lambda: item(client, table, key), lambda seen: seen == expected, what="the item", within=5, every=0.02
    )


def record(key: str = "1", **attributes: str) -> dict[str, Any]:
    return {"id": {"S": key}, **{name: {"S": value} for name, value in attributes.items()}}


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def test_an_item_put_in_one_region_appears_in_the_other(east: Any, west: Any, orders: str) -> None:
    east.put_item(TableName=orders, Item=record(state="new"))

    await_item(west, orders, record(state="new"))


def test_an_item_does_not_appear_before_the_lag(world: World, east: Any, west: Any, orders: str) -> None:
    world.settings.table_replication_lag = 30.0

    east.put_item(TableName=orders, Item=record())

    pause(0.2)
    assert item(west, orders) is None


def test_an_item_put_in_the_other_region_comes_back(east: Any, west: Any, orders: str) -> None:
    west.put_item(TableName=orders, Item=record(state="new"))

    await_item(east, orders, record(state="new"))


def test_an_update_carries_the_whole_item(east: Any, west: Any, orders: str) -> None:
    east.put_item(TableName=orders, Item=record(state="new", owner="ada"))
    await_item(west, orders, record(state="new", owner="ada"))

    west.update_item(
        TableName=orders,
        Key={"id": {"S": "1"}},
        UpdateExpression="SET #s = :s",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":s": {"S": "paid"}},
    )

    await_item(east, orders, record(state="paid", owner="ada"))


def test_an_update_of_an_item_that_is_not_there_creates_it_everywhere(
    east: Any, west: Any, orders: str
) -> None:
    east.update_item(
        TableName=orders,
        Key={"id": {"S": "1"}},
        UpdateExpression="ADD hits :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )

    await_item(west, orders, {"id": {"S": "1"}, "hits": {"N": "1"}})


def test_a_deletion_reaches_the_other_region_and_stays(east: Any, west: Any, orders: str) -> None:
    east.put_item(TableName=orders, Item=record())
    await_item(west, orders, record())

    west.delete_item(TableName=orders, Key={"id": {"S": "1"}})

    await_item(east, orders, None)
    pause(0.2)
    assert (item(east, orders), item(west, orders)) == (None, None)


def test_a_put_that_is_late_does_not_undo_a_later_deletion(
    world: World, east: Any, west: Any, orders: str
) -> None:
    east.put_item(TableName=orders, Item=record(state="old"))
    await_item(west, orders, record(state="old"))
    world.settings.table_replication_lag = 0.4
    east.put_item(TableName=orders, Item=record(state="late"))
    world.settings.table_replication_lag = 0.01

    west.delete_item(TableName=orders, Key={"id": {"S": "1"}})

    await_item(east, orders, None)
    pause(0.6)
    assert (item(east, orders), item(west, orders)) == (None, None)


def test_two_simultaneous_writes_converge_to_the_later_one(
    world: World, east: Any, west: Any, orders: str
) -> None:
    world.settings.table_replication_lag = 0.2
    east.put_item(TableName=orders, Item=record(writer="east"))
    west.put_item(TableName=orders, Item=record(writer="west"))

    await_item(east, orders, record(writer="west"))
    pause(0.3)
    assert item(west, orders) == record(writer="west")


def test_batches_transactions_and_partiql_replicate(east: Any, west: Any, orders: str) -> None:
    east.batch_write_item(RequestItems={orders: [{"PutRequest": {"Item": record("batch")}}]})
    east.transact_write_items(TransactItems=[{"Put": {"TableName": orders, "Item": record("transaction")}}])
    east.execute_statement(Statement=f"INSERT INTO \"{orders}\" VALUE {{'id': 'partiql'}}")

    for key in ("batch", "transaction", "partiql"):
        await_item(west, orders, record(key), key)


def test_a_transaction_that_fails_replicates_nothing(east: Any, west: Any, orders: str) -> None:
    put = {"Put": {"TableName": orders, "Item": record("half")}}
    check = {
        "ConditionCheck": {
            "TableName": orders,
            "Key": {"id": {"S": "absent"}},
            "ConditionExpression": "attribute_exists(id)",
        }
    }

    with pytest.raises(east.exceptions.TransactionCanceledException):
        east.transact_write_items(TransactItems=[put, check])

    east.put_item(TableName=orders, Item=record("after"))
    await_item(west, orders, record("after"), "after")
    assert (item(east, orders, "half"), item(west, orders, "half")) == (None, None)


def test_an_update_that_fails_half_way_leaves_nothing(east: Any, orders: str) -> None:
    east.put_item(TableName=orders, Item=record(count="many"))

    with pytest.raises(east.exceptions.ClientError):
        east.update_item(
            TableName=orders,
            Key={"id": {"S": "1"}},
            UpdateExpression="SET seen = :yes ADD #c :one",
            ExpressionAttributeNames={"#c": "count"},
            ExpressionAttributeValues={":one": {"N": "1"}, ":yes": {"S": "yes"}},
        )

    assert item(east, orders) == record(count="many")


@pytest.mark.parametrize("region", [EAST, WEST], ids=["source", "target"])
def test_what_is_written_around_an_outage_arrives_after_it(
    world: World, east: Any, west: Any, orders: str, region: str
) -> None:
    fault = world.faults.start(kind="region-lost", region=region)
    east.put_item(TableName=orders, Item=record("held"))
    pause(0.3)
    held_back = item(west, orders, "held")

    world.faults.end(fault.id)

    assert held_back is None
    await_item(west, orders, record("held"), "held")


def test_a_stopped_direction_holds_and_the_other_flows(
    world: World, east: Any, west: Any, orders: str
) -> None:
    fault = world.faults.start(kind="replication-stopped", service="dynamodb", source=EAST, target=WEST)
    east.put_item(TableName=orders, Item=record("held"))
    west.put_item(TableName=orders, Item=record("flows"))
    await_item(east, orders, record("flows"), "flows")
    pause(0.2)
    held_back = item(west, orders, "held")

    world.faults.end(fault.id)

    assert held_back is None
    await_item(west, orders, record("held"), "held")


def test_a_replicated_write_is_in_the_stream_of_the_target(
    world: World, east: Any, west: Any, orders: str
) -> None:
    streams = client(world, "dynamodbstreams", WEST)
    east.put_item(TableName=orders, Item=record(state="new"))
    await_item(west, orders, record(state="new"))

    arn = west.describe_table(TableName=orders)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")[
        "ShardIterator"
    ]
    records = streams.get_records(ShardIterator=iterator)["Records"]

    assert [(each["eventName"], each["awsRegion"]) for each in records] == [("INSERT", WEST)]


def test_replication_latency_is_a_metric_of_the_source(
    east: Any, west: Any, orders: str, latencies: list[Datum]
) -> None:
    east.put_item(TableName=orders, Item=record())
    await_item(west, orders, record())

    found = [datum for datum in latencies if ("TableName", orders) in datum.dimensions]
    assert [(each.region, each.dimensions, each.unit) for each in found] == [
        (EAST, (("ReceivingRegion", WEST), ("TableName", orders)), "Milliseconds")
    ]
    assert 50.0 <= found[0].value < 5000.0


def test_writes_of_many_threads_survive_failing_transactions(east: Any, orders: str) -> None:
    failing = [
        {"Put": {"TableName": orders, "Item": record("never")}},
        {
            "ConditionCheck": {
                "TableName": orders,
                "Key": {"id": {"S": "absent"}},
                "ConditionExpression": "attribute_exists(id)",
            }
        },
    ]

    def put(worker: int) -> None:
        for number in range(10):
            east.put_item(TableName=orders, Item=record(f"{worker}-{number}"))

    def fail() -> None:
        for _ in range(10):
            with pytest.raises(east.exceptions.TransactionCanceledException):
                east.transact_write_items(TransactItems=failing)

    threads = [threading.Thread(target=put, args=(worker,)) for worker in range(4)]
    threads += [threading.Thread(target=fail) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert east.scan(TableName=orders, Select="COUNT")["Count"] == 40
