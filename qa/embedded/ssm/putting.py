"""PutParameter: what it takes, and the version that it makes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import names, secure
from .refusals import SsmRefusalError, invalid, violated
from .store import Parameter, Store, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

KINDS = ("SecureString", "StringList", "String")
MOST_OF_VALUE = {"Standard": 4_096, secure.ADVANCED: 8_192}
MOST_TAGS = 50
DATA_TYPES = frozenset({"text"})
LARGER = (
    " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
    "information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "parameter-store-advanced-parameters.html"
)
NO_WAY_BACK = (
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
    "advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced "
    "parameter and recreate it as a standard parameter."
)


def put(world: World, region: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to PutParameter; raises SsmRefusalError."""
    store, name = world.part(Store), str(given["Name"])
    arn = names.arn_of(region, world.account_id, name)
    names.check_new(name, arn)
    _check(given)
    with store.lock:
        found = store.find(region, name)
        if found is not None and not given.get("Overwrite"):
            raise SsmRefusalError(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the "
                "request to true.",
            )
        version = _version(world, region, arn, given, None if found is None else found.latest)
        if found is None:
            found = Parameter(name=name, arn=arn)
            found.tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags") or ()}
            store.add(region, found)
        found.add(version)
    return {"Version": version.number, "Tier": version.tier}


def _check(given: Mapping[str, Any]) -> None:
    value = str(given["Value"])
    if not value:
        raise violated("", "value", "have length greater than or equal to 1")
    kind = given.get("Type")
    if kind is not None and kind not in KINDS:
        raise violated(kind, "type", f"satisfy enum value set: [{', '.join(KINDS)}]")
    tags = given.get("Tags") or ()
    if tags and given.get("Overwrite"):
        raise invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, "
            "please remove overwrite flag. To update tags for an existing parameter, please use "
            "AddTagsToResource or RemoveTagsFromResource."
        )
    if len(tags) > MOST_TAGS:
        raise too_many_tags()
    data_type = given.get("DataType") or "text"
    if data_type not in DATA_TYPES:
        raise invalid(
            f"The following data type is not supported: {data_type} (Data type names are all lowercase.)"
        )


def too_many_tags() -> SsmRefusalError:
    """Return the answer to more tags than a parameter may have."""
    return SsmRefusalError(
        "TooManyTagsError", f"The number of tags on the resource exceeds the limit of {MOST_TAGS}."
    )


def _version(
    world: World, region: str, arn: str, given: Mapping[str, Any], before: Version | None
) -> Version:
    value, kind = str(given["Value"]), _kind(given, before)
    tier = _tier(given.get("Tier") or ("Standard" if before is None else before.tier), value, before)
    pattern = _kept(given, "AllowedPattern", None if before is None else before.allowed_pattern)
    _check_pattern(pattern, value)
    key = _key(given, kind, before)
    caller = world.authorizer.current()
    return Version(
        number=1 if before is None else before.number + 1,
        value=value if key is None else secure.seal(world, region, arn, key=key, value=value, tier=tier),
        kind=kind,
        tier=tier,
        key_id=key,
        description=_kept(given, "Description", None if before is None else before.description),
        allowed_pattern=pattern,
        modified_at=datetime.now(UTC),
        modified_by=str(caller.arn or caller.service or "anonymous"),
    )


def _kept(given: Mapping[str, Any], name: str, before: str | None) -> str | None:
    # what an overwriting request leaves out stays as it was
    return before if given.get(name) is None else str(given[name])


def _kind(given: Mapping[str, Any], before: Version | None) -> str:
    kind = given.get("Type") or (None if before is None else before.kind)
    if kind is None:
        raise invalid("A parameter type is required when you create a parameter.")
    if before is not None and kind != before.kind:
        raise SsmRefusalError(
            "HierarchyTypeMismatchException",
            "Parameter Store does not support changing a parameter type in a hierarchy. For example, you "
            "can't change a parameter from a String type to a SecureString type. You must create a new, "
            "unique parameter.",
        )
    return str(kind)


def _tier(requested: str, value: str, before: Version | None) -> str:
    if requested == "Intelligent-Tiering":
        is_large = len(value) > MOST_OF_VALUE["Standard"]
        was_advanced = before is not None and before.tier == secure.ADVANCED
        requested = secure.ADVANCED if is_large or was_advanced else "Standard"
    if requested not in MOST_OF_VALUE:
        raise violated(requested, "tier", "satisfy enum value set: [Standard, Advanced, Intelligent-Tiering]")
    if before is not None and before.tier == secure.ADVANCED and requested != secure.ADVANCED:
        raise invalid(NO_WAY_BACK)
    if len(value) > MOST_OF_VALUE[requested]:
        raise invalid(
            f"{requested} tier parameters support a maximum parameter value of {MOST_OF_VALUE[requested]} "
            f"characters.{LARGER if requested == 'Standard' else ''}"
        )
    return requested


def _check_pattern(pattern: str | None, value: str) -> None:
    if not pattern:
        return
    try:
        fits = re.fullmatch(pattern, value) is not None
    except re.error as broken:
        raise SsmRefusalError(
            "InvalidAllowedPatternException", "The request doesn't meet the regular expression requirement."
        ) from broken
    if not fits:
        raise SsmRefusalError(
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {pattern}",
        )


def _key(given: Mapping[str, Any], kind: str, before: Version | None) -> str | None:
    key = given.get("KeyId")
    if kind == "SecureString":
        return str(key or (secure.MANAGED if before is None else before.key_id))
    if key:
        raise invalid(f"KeyId is for parameters of type SecureString only, not of type {kind}.")
    return None
