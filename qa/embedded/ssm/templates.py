"""What templates take of Parameter Store by name: `{{resolve:ssm:…}}` and types of parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.embedded.service.resource_types import ApiCall
from qa.embedded.service.template_values import ParameterType, TemplateValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WRONG_TYPE = "Parameters [{name}] referenced by template have types not supported by CloudFormation."
MISSING = "Unable to fetch parameters [{name}] from parameter store for this account."
MISSING_REFERENCE = "Parameters: [ssm:{name}] cannot be found."


def _request(name: str) -> ApiCall:
    return ApiCall(operation="GetParameters", parameters={"Names": [name]}, service="ssm")


def _read(missing: str, result: str = "Value") -> Callable[[str, Mapping[str, Any]], str]:
    def read(name: str, response: Mapping[str, Any]) -> str:
        found = response["Parameters"]
        if not found:
            raise ValueError(missing.format(name=name))
        if found[0]["Type"] == "SecureString" and result == "Value":
            raise ValueError(WRONG_TYPE.format(name=name))
        return str(found[0][result])

    return read


VALUE = TemplateValue(request=_request, value=_read(MISSING))
PREFIX = "AWS::SSM::Parameter::"

DYNAMIC_REFERENCES = {"ssm": TemplateValue(request=_request, value=_read(MISSING_REFERENCE))}
PARAMETER_TYPES = {
    f"{PREFIX}Name": ParameterType(
        value=TemplateValue(request=_request, value=_read(MISSING, "Name")), of="String"
    ),
    f"{PREFIX}Value<String>": ParameterType(value=VALUE, of="String"),
    f"{PREFIX}Value<List<String>>": ParameterType(value=VALUE, of="CommaDelimitedList"),
    f"{PREFIX}Value<CommaDelimitedList>": ParameterType(value=VALUE, of="CommaDelimitedList"),
}
