"""AWS::Lambda::Function, created and updated as CloudFormation does."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar

from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

from .code import inline_package
from .functions import INLINE
from .refusals import invalid_parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

# What an update sets when the template no longer says anything of it.
_DEFAULTS: Mapping[str, Any] = {
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "EphemeralStorage": {"Size": 512},
    "LoggingConfig": {},
}


class Function(CloudFormationModel):
    """A function that a stack owns; its state is moto's LambdaFunction of that name."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "Architectures",
            "Code",
            "Description",
            "Environment",
            "EphemeralStorage",
            "FunctionName",
            "Handler",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "ReservedConcurrentExecutions",
            "Role",
            "Runtime",
            "Tags",
            "Timeout",
        }
    )

    def __init__(self, name: str, account_id: str, region: str) -> None:
        self.function_name = name
        self._account_id = account_id
        self._region = region

    @property
    def physical_resource_id(self) -> str:
        """What Ref gives: the function's name."""
        return self.function_name

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "FunctionName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::Lambda::Function"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Say whether GetAtt knows the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return what GetAtt gives."""
        if attribute_name != "Arn":
            raise UnformattedGetAttTemplateException
        return f"arn:aws:lambda:{self._region}:{self._account_id}:function:{self.function_name}"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> Function:
        """Create the function; raises LambdaRefusalError in Lambda's own words."""
        properties = cloudformation_json["Properties"]
        backend = lambda_backends[account_id][region_name]
        _check_new_name(backend, resource_name)
        backend.create_function(
            {
                **_configuration(properties),
                "FunctionName": resource_name,
                "Code": _code(properties),
                "Architectures": properties.get("Architectures", ["x86_64"]),
                "PackageType": properties.get("PackageType", "Zip"),
                "Tags": _tags(properties),
            }
        )
        function = backend.get_function(resource_name)
        setattr(function, INLINE, "ZipFile" in properties["Code"])
        try:
            _reserve(backend, resource_name, properties)
        except Exception:
            backend.delete_function(resource_name)
            raise
        return cls(resource_name, account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Function,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> Function:
        """Update in place, or replace when the name has changed."""
        properties = cloudformation_json["Properties"]
        if properties.get("FunctionName", original_resource.function_name) != original_resource.function_name:
            created = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            original_resource.delete(account_id, region_name)
            return created
        backend = lambda_backends[account_id][region_name]
        name = original_resource.function_name
        _update(backend, backend.get_function(name), properties)
        _reserve(backend, name, properties)
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the function of that name, if it is still there."""
        cls(resource_name, account_id, region_name).delete(account_id, region_name)

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the function; one that somebody else has deleted is no error."""
        backend = lambda_backends[account_id][region_name]
        if _exists(backend, self.function_name):
            backend.delete_function(self.function_name)


def _exists(backend: LambdaBackend, name: str) -> bool:
    return any(function.function_name == name for function in backend.list_functions())


def _check_new_name(backend: LambdaBackend, name: str) -> None:
    if _exists(backend, name):
        raise invalid_parameter(f"Function already exist: {name}")


def _configuration(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of CreateFunction and UpdateFunctionConfiguration, defaults included."""
    chosen = {name: properties.get(name, default) for name, default in _DEFAULTS.items()}
    size = chosen["EphemeralStorage"]["Size"]
    return {
        **chosen,
        "Timeout": int(chosen["Timeout"]),
        "MemorySize": int(chosen["MemorySize"]),
        "EphemeralStorage": {"Size": int(size)},
        "Environment": {"Variables": _variables(properties)},
        "Handler": properties.get("Handler"),
        "Runtime": properties.get("Runtime"),
        "Role": properties["Role"],
    }


def _variables(properties: Mapping[str, Any]) -> dict[str, str]:
    variables: Mapping[str, Any] = properties.get("Environment", {}).get("Variables", {})
    # a number or a boolean of the template is text to the function
    return {k: v if isinstance(v, str) else str(v).lower() for k, v in variables.items()}


def _code(properties: Mapping[str, Any]) -> dict[str, Any]:
    code = properties["Code"]
    if "ZipFile" not in code:
        return dict(code)
    package = inline_package(code["ZipFile"], properties.get("Runtime", ""))
    return {"ZipFile": base64.b64encode(package).decode()}


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())}


def _update(backend: LambdaBackend, function: LambdaFunction, properties: Mapping[str, Any]) -> None:
    name = function.function_name
    qualifier = "$LATEST"
    backend.update_function_configuration(name, qualifier, body=_configuration(properties))
    backend.update_function_code(name, qualifier, body=_code(properties))
    setattr(function, INLINE, "ZipFile" in properties["Code"])
    function.architectures = properties.get("Architectures", ["x86_64"])
    function.tags = _tags(properties)


def _reserve(backend: LambdaBackend, name: str, properties: Mapping[str, Any]) -> None:
    reserved = properties.get("ReservedConcurrentExecutions")
    if reserved is None:
        backend.delete_function_concurrency(name)
    else:
        backend.put_function_concurrency(name, reserved)
