"""The filters of DescribeParameters, and pages of results."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from . import names
from .refusals import SsmRefusalError, violated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .store import Parameter

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "Name": ("BeginsWith", "Contains", "Equals"),
    "Path": ("OneLevel", "Recursive"),
    "Type": ("BeginsWith", "Equals"),
    "KeyId": ("BeginsWith", "Equals"),
    "Tier": ("Equals",),
    "DataType": ("BeginsWith", "Equals"),
}
DEFAULTS = {"Path": "OneLevel"}
TAG = "tag:"
TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "BeginsWith": str.startswith,
    "Contains": lambda text, part: part in text,
    "Equals": str.__eq__,
}


def matching(parameters: Sequence[Parameter], filters: Sequence[Mapping[str, Any]]) -> list[Parameter]:
    """Return the parameters that pass every filter. Raises SsmRefusalError for a filter that AWS refuses."""
    keys = [str(each["Key"]) for each in filters]
    for key in keys:
        if keys.count(key) > 1:
            raise SsmRefusalError(
                "InvalidFilterKey",
                f"The following filter is duplicated in the request: {key}. A request can contain only one "
                "occurrence of a specific filter.",
            )
    tests = [_test(each) for each in filters]
    return [each for each in parameters if all(test(each) for test in tests)]


def _test(given: Mapping[str, Any]) -> Callable[[Parameter], bool]:
    key, values = str(given["Key"]), [str(value) for value in given.get("Values") or ()]
    if key.startswith(TAG):
        name = key.removeprefix(TAG)
        return lambda parameter: name in parameter.tags and (not values or parameter.tags[name] in values)
    if key not in OPTIONS:
        raise SsmRefusalError(
            "InvalidFilterKey",
            f"The following filter key is not valid: {key}. "
            f"Valid filter keys include: [{', '.join(OPTIONS)}].",
        )
    if not values:
        raise SsmRefusalError(
            "InvalidFilterValue",
            f"The following filter values are missing : null for filter key {key}.",
        )
    option = str(given.get("Option") or DEFAULTS.get(key, "Equals"))
    if option not in OPTIONS[key]:
        raise SsmRefusalError(
            "InvalidFilterOption",
            f"The following filter option is not valid: {option}. "
            f"Valid options include: [{', '.join(OPTIONS[key])}].",
        )
    if key == "Path":
        for path in values:
            names.check_path(path)
        return lambda parameter: any(
            is_below(parameter.name, path, recursive=option == "Recursive") for path in values
        )
    if key == "Name" and option != "Contains":
        values = [names.key_of(value) for value in values]
    return lambda parameter: any(TESTS[option](_value_of(parameter, key), value) for value in values)


def _value_of(parameter: Parameter, key: str) -> str:
    latest = parameter.latest
    return {
        "Name": names.key_of(parameter.name),
        "Type": latest.kind,
        "KeyId": latest.key_id or "",
        "Tier": latest.tier,
        "DataType": "text",
    }[key]


def is_below(name: str, path: str, *, recursive: bool) -> bool:
    """Say whether a parameter is under a path, directly or at any depth."""
    prefix, full = f"{path.rstrip('/')}/", f"/{name.removeprefix('/')}"
    return full.startswith(prefix) and (recursive or "/" not in full[len(prefix) :])


def page(
    parameters: Sequence[Parameter], given: Mapping[str, Any], *, most: int
) -> tuple[Sequence[Parameter], dict[str, str]]:
    """Return one page of parameters sorted by name, and the token of the next one, if there is one."""
    size = given.get("MaxResults") or most
    if not 1 <= size <= most:
        bound = "greater than or equal to 1" if size < 1 else f"less than or equal to {most}"
        raise violated(size, "maxResults", f"have value {bound}")
    after = _name_of(given.get("NextToken"))
    left = [each for each in parameters if each.name > after]
    if len(left) <= size:
        return left, {}
    return left[:size], {"NextToken": base64.urlsafe_b64encode(left[size - 1].name.encode()).decode()}


def _name_of(token: str | None) -> str:
    try:
        return base64.b64decode(token or "", altchars="-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as broken:
        raise SsmRefusalError("InvalidNextToken", "The specified token isn't valid.") from broken
