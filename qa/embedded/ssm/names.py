"""Names of parameters: what AWS takes, how they stand in ARNs, and which version is requested."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .refusals import SsmRefusalError, invalid, violated

# https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
LONGEST_FIELD = 2_048
LONGEST_WITH_ARN = 1_011
LEVELS = 15
CHARACTERS = re.compile(r"[a-zA-Z0-9_.\-/]+")
ARN = re.compile(r"arn:aws[a-z-]*:ssm:([a-z0-9-]+):(\d{12}):parameter/(.+)")
RESERVED = ("aws", "ssm")
UNQUALIFIED = "Parameter name must be a fully qualified name"
IN_PATH = (
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist '
    "of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the "
    "following 3 symbols .-_"
)
BY_ITSELF = 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).'
NO_PATH = (
    "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a "
    'forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only '
    "letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters "
    'are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: '
    "/get/parameters2-/by1./path0_."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What a caller names to read a parameter."""

    key: str
    version: int | None
    """None for the latest."""
    selector: str
    """As AWS repeats it: a colon and the version, or nothing."""


def key_of(name: str) -> str:
    """Return what identifies a parameter: /name and name are the same one."""
    return name if "/" in name[1:] else name.removeprefix("/")


def arn_of(region: str, account_id: str, name: str) -> str:
    """Return the ARN of a parameter."""
    return f"arn:aws:ssm:{region}:{account_id}:parameter/{name.removeprefix('/')}"


def bare(name: str) -> str:
    """Return the name in a name that may have a version, or be an ARN."""
    found = ARN.fullmatch(name)
    without_arn = name if found is None else f"/{found[3]}"
    return without_arn.partition(":")[0]


def selected(name: str, region: str, account_id: str) -> Selected | None:
    """Return what a name, `name:version` or ARN selects; None for another region's or account's.

    Raises SsmRefusalError for a name that cannot be read.
    """
    check_length(name)
    found = ARN.fullmatch(name)
    if found is not None and (found[1], found[2]) != (region, account_id):
        return None
    rest = name if found is None else f"/{found[3]}"
    parts = rest.split(":")
    if len(parts) > 2:
        raise invalid(
            "Invalid parameter name. Please use correct syntax for referencing a version/label  "
            "<name>:<version/label>"
        )
    version = int(parts[1]) if len(parts) == 2 else None
    return Selected(key=key_of(parts[0]), version=version, selector=f":{version}" if version else "")


def check_length(name: str) -> None:
    """Refuse a name that no request may have."""
    if not name:
        raise violated(name, "name", "have length greater than or equal to 1")
    if len(name) > LONGEST_FIELD:
        raise violated(name, "name", f"have length less than or equal to {LONGEST_FIELD}")


def check_new(name: str, arn: str) -> None:
    """Refuse a name that no parameter may have."""
    check_length(name)
    is_path = "/" in name[1:]
    if "/" in name and not name.startswith("/"):
        raise invalid(UNQUALIFIED)
    first = name.removeprefix("/").partition("/")[0].lower()
    if is_path and first.startswith("aws"):
        raise SsmRefusalError("AccessDeniedException", f"No access to reserved parameter name: {name}.")
    if first.startswith(RESERVED):
        raise invalid(IN_PATH if is_path else BY_ITSELF)
    if not CHARACTERS.fullmatch(name) or "//" in name or name.endswith("/"):
        raise invalid(IN_PATH)
    if name.count("/") > LEVELS:
        raise SsmRefusalError(
            "HierarchyLevelLimitExceededException", f"A hierarchy can have a maximum of {LEVELS} levels."
        )
    if len(arn) > LONGEST_WITH_ARN:
        raise invalid(f"The parameter's ARN is longer than {LONGEST_WITH_ARN} characters.")


def check_path(path: str) -> None:
    """Refuse a path under which no parameter can be."""
    check_length(path)
    if not path.startswith("/") or "//" in path or not CHARACTERS.fullmatch(path):
        raise invalid(NO_PATH)
