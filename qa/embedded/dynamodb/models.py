"""The CloudFormation types AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.exceptions import MockValidationException

from qa.embedded.patches import world_of

from . import PATCHES
from .description import table_id
from .properties import replicas, shared_settings, table_settings
from .replicas import backend
from .service import LOCK, Service
from .settling import change_tables, create_tables, delete_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.dynamodb.models.table import Table as MotoTable

    from .properties import RegionalSettings, SharedSettings


class GlobalTable(CloudFormationModel):
    """AWS::DynamoDB::GlobalTable: Ref is the name; on-demand capacity only."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "AttributeDefinitions",
            "BillingMode",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "Replicas",
            "SSESpecification",
            "StreamSpecification",
            "TableName",
            "TimeToLiveSpecification",
        }
    )

    def __init__(self, name: str, region_name: str) -> None:
        self.name = name
        self.region_name = region_name

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "TableName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::DynamoDB::GlobalTable"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Say whether Fn::GetAtt knows the attribute."""
        return attr in ("Arn", "StreamArn", "TableId")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return an attribute of the table in the stack's own region."""
        return _attribute(self.name, self.region_name, attribute_name)

    @property
    def physical_resource_id(self) -> str:
        """Return what Ref gives."""
        return self.name

    def is_created(self) -> bool:
        """Say that creation is over; it is when the constructor returns."""
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,  # noqa: ARG003 - the world has one account
        region_name: str,
        **_: Any,
    ) -> GlobalTable:
        """Create the table and its replicas, all or none."""
        shared, regional = _global_table(cloudformation_json["Properties"], region_name)
        with LOCK:
            create_tables(_service(), resource_name, shared, regional)
        return cls(resource_name, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: GlobalTable,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,  # noqa: ARG003 - as above
        region_name: str,
    ) -> GlobalTable:
        """Change the table in place, or replace it where its name or key changes."""
        properties = cloudformation_json["Properties"]
        shared, regional = _global_table(properties, region_name)
        with LOCK:
            name = _change_or_replace(
                original_resource.name,
                properties.get("TableName"),
                new_name=new_resource_name,
                shared=shared,
                regional=regional,
            )
        return cls(name, region_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,  # noqa: ARG003 - as above
        region_name: str,
    ) -> None:
        """Remove the replicas and then the table."""
        with LOCK:
            delete_tables(_service(), resource_name, region_name)


class Table(CloudFormationModel):
    """AWS::DynamoDB::Table, with the properties that moto's own class drops."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
            "SSESpecification",
            "StreamSpecification",
            "TableClass",
            "TableName",
            "Tags",
            "TimeToLiveSpecification",
        }
    )

    def __init__(self, name: str, region_name: str) -> None:
        self.name = name
        self.region_name = region_name

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "TableName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::DynamoDB::Table"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Say whether Fn::GetAtt knows the attribute."""
        return attr in ("Arn", "StreamArn")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return an attribute of the table."""
        return _attribute(self.name, self.region_name, attribute_name)

    @property
    def physical_resource_id(self) -> str:
        """Return what Ref gives."""
        return self.name

    def is_created(self) -> bool:
        """Say that creation is over; it is when the constructor returns."""
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,  # noqa: ARG003 - the world has one account
        region_name: str,
        **_: Any,
    ) -> Table:
        """Create the table."""
        properties = cloudformation_json["Properties"]
        shared, regional = shared_settings(properties), (table_settings(properties, region=region_name),)
        with LOCK:
            create_tables(_service(), resource_name, shared, regional)
        return cls(resource_name, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Table,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,  # noqa: ARG003 - as above
        region_name: str,
    ) -> Table:
        """Change the table in place, or replace it where its name or key changes."""
        properties = cloudformation_json["Properties"]
        with LOCK:
            name = _change_or_replace(
                original_resource.name,
                properties.get("TableName"),
                new_name=new_resource_name,
                shared=shared_settings(properties),
                regional=(table_settings(properties, region=region_name),),
            )
        return cls(name, region_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,  # noqa: ARG003 - as above
        region_name: str,
    ) -> None:
        """Delete the table."""
        with LOCK:
            delete_tables(_service(), resource_name, region_name)


def _global_table(
    properties: Mapping[str, Any], region: str
) -> tuple[SharedSettings, tuple[RegionalSettings, ...]]:
    regional = replicas(properties, region=region)
    shared = shared_settings(properties)
    if shared.billing_mode != "PAY_PER_REQUEST":
        raise MockValidationException(
            f"BillingMode {shared.billing_mode} of a global table is not modelled by the embedded AWS, "
            "only PAY_PER_REQUEST is"
        )
    return shared, regional


def _change_or_replace(
    name: str,
    custom_name: str | None,
    *,
    new_name: str,
    shared: SharedSettings,
    regional: tuple[RegionalSettings, ...],
) -> str:
    """Return the name of the table that now is what the template asks for."""
    region = regional[0].region
    table = backend(_service(), region).get_table(name)
    if custom_name in (None, name) and not _needs_another(table, shared):
        change_tables(_service(), name, shared, regional)
        return name
    if custom_name == name:
        raise MockValidationException(
            f"CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {name} and update the stack again."
        )
    create_tables(_service(), new_name, shared, regional)
    delete_tables(_service(), name, region)
    return new_name


def _needs_another(table: MotoTable, shared: SharedSettings) -> bool:
    local = {index["IndexName"]: index for index in shared.local_indexes}
    return table.schema != shared.key_schema or local.keys() != {index.name for index in table.indexes}


def _attribute(name: str, region: str, attribute: str) -> str:
    table = backend(_service(), region).get_table(name)
    if attribute == "Arn":
        return str(table.table_arn)
    if attribute == "TableId":
        return table_id(table)
    if attribute == "StreamArn" and table.latest_stream_label:
        return f"{table.table_arn}/stream/{table.latest_stream_label}"
    raise UnformattedGetAttTemplateException


def _service() -> Service:
    return world_of(PATCHES).part(Service)
