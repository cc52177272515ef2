"""The operations of Parameter Store, each in the place of moto's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ssm.responses import SimpleSystemManagerResponse

from qa.embedded.patches import operation

from . import filters, names, putting, secure
from .refusals import SsmRefusalError, violated
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

    from .store import Parameter, Version

MOST_NAMES = 10
PAGE_BY_PATH, PAGE_OF_DESCRIPTIONS = 10, 50
PUT = "Name Description Value Type KeyId Overwrite AllowedPattern Tags Tier DataType"


def _put(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    given = {name: response._get_param(name) for name in PUT.split()}
    return ActionResult(putting.put(world, response.region, given))


def _get(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    store, region = world.part(Store), response.region
    requested = names.selected(str(response._get_param("Name")), region, world.account_id)
    parameter, version = store.select(region, requested)
    selector = "" if requested is None else requested.selector
    return ActionResult({"Parameter": _shown(response, world, parameter, version, selector)})


def _get_several(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    store, region = world.part(Store), response.region
    found, missing = [], []
    for name in _names(response):
        try:
            requested = names.selected(name, region, world.account_id)
            parameter, version = store.select(region, requested)
        except SsmRefusalError as refusal:
            if refusal.code not in ("ParameterNotFound", "ParameterVersionNotFound"):
                raise
            missing.append(name)
        else:
            selector = "" if requested is None else requested.selector
            found.append(_shown(response, world, parameter, version, selector))
    return ActionResult({"Parameters": found, "InvalidParameters": missing})


def _get_by_path(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    path, recursive = str(response._get_param("Path")), bool(response._get_param("Recursive"))
    names.check_path(path)
    below = [
        each
        for each in world.part(Store).all(response.region)
        if filters.is_below(each.name, path, recursive=recursive)
    ]
    chosen, token = filters.page(below, _page_of(response), most=PAGE_BY_PATH)
    shown = [_shown(response, world, each, each.latest, "") for each in chosen]
    return ActionResult({"Parameters": shown, **token})


def _delete(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    name = str(response._get_param("Name"))
    names.check_length(name)
    store = world.part(Store)
    with store.lock:
        store.remove(response.region, name)
    return EmptyResult()


def _delete_several(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    store, region = world.part(Store), response.region
    deleted, missing = [], []
    with store.lock:
        for name in _names(response):
            if store.find(region, name) is None:
                missing.append(name)
            else:
                store.remove(region, name)
                deleted.append(name)
    return ActionResult({"DeletedParameters": deleted, "InvalidParameters": missing})


def _describe(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    chosen = filters.matching(
        world.part(Store).all(response.region), response._get_param("ParameterFilters") or ()
    )
    listed, token = filters.page(chosen, _page_of(response), most=PAGE_OF_DESCRIPTIONS)
    return ActionResult({"Parameters": [_described(each) for each in listed], **token})


def _tag(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    with world.part(Store).lock:
        parameter = _resource(response, world)
        tags = parameter.tags | {tag["Key"]: tag["Value"] for tag in response._get_param("Tags")}
        if len(tags) > putting.MOST_TAGS:
            raise putting.too_many_tags()
        parameter.tags = tags
    return EmptyResult()


def _untag(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    with world.part(Store).lock:
        parameter = _resource(response, world)
        gone = set(response._get_param("TagKeys"))
        parameter.tags = {key: value for key, value in parameter.tags.items() if key not in gone}
    return EmptyResult()


def _list_tags(response: SimpleSystemManagerResponse, world: World) -> ActionResult:
    tags = _resource(response, world).tags
    return ActionResult({"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]})


def _resource(response: SimpleSystemManagerResponse, world: World) -> Parameter:
    found = world.part(Store).find(response.region, str(response._get_param("ResourceId")))
    if found is None:
        raise SsmRefusalError("InvalidResourceId", "The resource ID isn't valid.")
    return found


def _names(response: SimpleSystemManagerResponse) -> list[str]:
    listed = [str(name) for name in response._get_param("Names")]
    if not 1 <= len(listed) <= MOST_NAMES:
        bound = "greater than or equal to 1" if not listed else f"less than or equal to {MOST_NAMES}"
        raise violated(f"[{', '.join(listed)}]", "names", f"have length {bound}")
    return list(dict.fromkeys(listed))


def _page_of(response: SimpleSystemManagerResponse) -> dict[str, Any]:
    return {name: response._get_param(name) for name in ("MaxResults", "NextToken")}


def _shown(
    response: SimpleSystemManagerResponse,
    world: World,
    parameter: Parameter,
    version: Version,
    selector: str,
) -> Mapping[str, Any]:
    value = version.value
    if version.key_id is not None and response._get_param("WithDecryption"):
        value = secure.unseal(
            world, response.region, parameter.arn, key=version.key_id, value=value, tier=version.tier
        )
    shown = {
        "Name": parameter.name,
        "Type": version.kind,
        "Value": value,
        "Version": version.number,
        "LastModifiedDate": version.modified_at,
        "ARN": parameter.arn,
        "DataType": "text",
    }
    return {**shown, "Selector": selector} if selector else shown


def _described(parameter: Parameter) -> Mapping[str, Any]:
    latest = parameter.latest
    described: dict[str, Any] = {
        "Name": parameter.name,
        "ARN": parameter.arn,
        "Type": latest.kind,
        "KeyId": latest.key_id,
        "LastModifiedDate": latest.modified_at,
        "LastModifiedUser": latest.modified_by,
        "Description": latest.description,
        "AllowedPattern": latest.allowed_pattern,
        "Version": latest.number,
        "Tier": latest.tier,
        "Policies": [],
        "DataType": "text",
    }
    return {name: value for name, value in described.items() if value is not None}


PATCHES = tuple(
    operation(SimpleSystemManagerResponse, name, answer)
    for name, answer in {
        "put_parameter": _put,
        "get_parameter": _get,
        "get_parameters": _get_several,
        "get_parameters_by_path": _get_by_path,
        "delete_parameter": _delete,
        "delete_parameters": _delete_several,
        "describe_parameters": _describe,
        "add_tags_to_resource": _tag,
        "remove_tags_from_resource": _untag,
        "list_tags_for_resource": _list_tags,
    }.items()
)
