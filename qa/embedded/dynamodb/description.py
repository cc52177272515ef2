"""What DescribeTable reports of a table beyond what moto knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from moto.dynamodb.models.table import Table

    from .service import Service

GLOBAL_TABLE_VERSION = "2019.11.21"


def table_id(table: Table) -> str:
    """Return the table's ID: another one for each region and each table made under the same name."""
    return str(uuid5(NAMESPACE_URL, f"{table.table_arn} {table.created_at.isoformat()}"))


def describe_more(service: Service, table: Table, description: dict[str, Any]) -> None:
    """Add ID, table class and, for a global table, the *other* regions' replicas to a description."""
    description["TableId"] = table_id(table)
    table_class = service.tables.table_class(table.name, table.region_name)
    if table_class != "STANDARD":
        description["TableClassSummary"] = {"TableClass": table_class}
    others = service.tables.others(table.name, table.region_name)
    if others:
        description["GlobalTableVersion"] = GLOBAL_TABLE_VERSION
        description["Replicas"] = [
            {
                "RegionName": region,
                "ReplicaStatus": "ACTIVE",
                "ReplicaTableClassSummary": {"TableClass": service.tables.table_class(table.name, region)},
            }
            for region in others
        ]
