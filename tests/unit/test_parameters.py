"""Checks 6-10: what a deployment may choose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.template import references

from .findings import Finding, place, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.template import Template

SUFFIXES = ("dev", "a", "7", "pr-1234", "a--b", "q" * 20)
NO_SUFFIXES = ("", "Dev", "DEV", "a_b", "a.b", "-dev", "dev-", "dev ", "dév", "q" * 21)
REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "cn-northwest-1")
NO_REGIONS = ("", "east", "US-EAST-1", "us-east-1a", "us-east", "us_east_1", "us-east-1 ", "*")
SECRET = re.compile(
    r"password|passwd|passphrase|secret|token|credential|private|(api|access|account)?key(id)?$",
    re.IGNORECASE,
)


def test_a_suffix_is_safe_inside_a_bucket_name(template: Template) -> None:
    do = "allow lower case letters, digits and inner hyphens, 1 to 20 of them"
    require(_accepts_wrongly(template, "EnvironmentSuffix", SUFFIXES, NO_SUFFIXES, do))


def test_the_regions_default_to_virginia_and_oregon(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        for name, expected in (("PrimaryRegion", "us-east-1"), ("SecondaryRegion", "us-west-2")):
            actual = _parameter(template, name).get("Default")
            if actual != expected:
                yield _finding(template, (name, "Default"), actual, expected, "restore the default")

    require(findings())


def test_only_names_of_regions_pass_as_regions(template: Template) -> None:
    do = "state an AllowedPattern: a misspelt region makes an empty stack and dead replication"
    require(
        finding
        for name in ("PrimaryRegion", "SecondaryRegion")
        for finding in _accepts_wrongly(template, name, REGIONS, NO_REGIONS, do)
    )


def test_every_parameter_is_used(template: Template) -> None:
    used = {reference.target for reference in references(template) if reference.section != "Rules"}
    require(
        _finding(template, (name,), "unused", "a use in a condition, resource or output", "remove or use it")
        for name in template.parameters
        if name not in used
    )


def test_no_secret_is_a_readable_parameter(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        for name, declared in template.parameters.items():
            if not SECRET.search(name):
                continue
            if str(declared.get("NoEcho")).lower() != "true":
                do = "set NoEcho, or better: read the secret from Secrets Manager"
                yield _finding(template, (name, "NoEcho"), declared.get("NoEcho"), "true", do)
            if "Default" in declared:
                do = "a default is readable by everybody who reads the template: remove it"
                yield _finding(template, (name, "Default"), "a default", "none", do)

    require(findings())


def _accepts_wrongly(
    template: Template, name: str, good: Iterable[str], bad: Iterable[str], do: str
) -> Iterator[Finding]:
    declared = _parameter(template, name)
    refused = [value for value in good if not _accepted(declared, value)]
    accepted = [value for value in bad if _accepted(declared, value)]
    pattern = declared.get("AllowedPattern")
    if refused:
        yield _finding(template, (name, "AllowedPattern"), f"{pattern!r} refuses {refused}", "accepted", do)
    if accepted:
        yield _finding(template, (name, "AllowedPattern"), f"{pattern!r} accepts {accepted}", "refused", do)


def _accepted(declared: dict[str, Any], value: str) -> bool:
    """Say whether CloudFormation takes the value: the whole of it must match."""
    matches = re.fullmatch(str(declared.get("AllowedPattern", ".*")), value) is not None
    return matches and int(declared.get("MinLength", 0)) <= len(value) <= int(declared.get("MaxLength", 4096))


def _parameter(template: Template, name: str) -> dict[str, Any]:
    return dict(template.parameters.get(name, {}))


def _finding(template: Template, path: tuple[str, ...], actual: object, expected: object, do: str) -> Finding:
    where = place(template, ("Parameters", *path))
    return Finding(what=f"parameter {path[0]}", actual=actual, expected=expected, where=where, do=do)
