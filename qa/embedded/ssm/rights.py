"""Parameter Store: parameters as rights on their ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.rights import Call, Need, each, everywhere, on, tagged

from .names import bare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import ContextValues, Needs


def _arn(call: Call, name: object) -> str:
    return call.arn(f"parameter/{bare(str(name or '')).removeprefix('/')}")


def _parameter(call: Call) -> str:
    return _arn(call, call.get("Name") or call.get("ResourceId"))


def _overwrites(call: Call) -> ContextValues:
    return {"ssm:Overwrite": str(bool(call.get("Overwrite"))).lower()}


def _path(call: Call) -> str:
    return _arn(call, str(call.get("Path") or "").rstrip("/"))


def _recurses(call: Call) -> ContextValues:
    return {"ssm:Recursive": str(bool(call.get("Recursive"))).lower()}


def _each_name(call: Call) -> Iterable[Need]:
    action = f"ssm:{call.operation}"
    return [Need(action=action, resource=_arn(call, name)) for name in call.get("Names") or ()]


RIGHTS: dict[str, Needs] = (
    each(
        "GetParameter DeleteParameter AddTagsToResource RemoveTagsFromResource ListTagsForResource",
        on("ssm", _parameter),
    )
    | each("GetParameters DeleteParameters", _each_name)
    | {
        "PutParameter": tagged(on("ssm", _parameter, _overwrites), "ssm:AddTagsToResource"),
        "GetParametersByPath": on("ssm", _path, _recurses),
        "DescribeParameters": everywhere("ssm"),
    }
)
