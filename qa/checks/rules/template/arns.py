"""Regions and accounts written out where the template runs in two of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.places import place_of
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template import Path

_PSEUDO = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"
_FIELD = r"(?:\$\{[^{}]*\}|[^:\s${}])"
_ARN = re.compile(rf"arn:{_FIELD}+:([a-z0-9-]+):(?:([a-z]{{2}}(?:-[a-z]+)+-\d)|{_FIELD}*):(\d{{12}})?")
_OF_ONE_REGION = ("AWS::CloudFront::", "AWS::WAFv2::", "AWS::CloudFormation::")
"""Types that take ARNs of us-east-1 wherever they are, or of another stack's making."""
_IN_OTHER_REGIONS = frozenset({"Replicas", "PrimaryKeyArn"})
_OF_OTHERS = frozenset({"Principal", "NotPrincipal", "Layers"})
"""Keys whose values may well be ARNs of other accounts."""
_FOREIGN = re.compile(
    r"arn:[^:]+:(?:aws-marketplace|ce|chime|cur|globalaccelerator|health|networkmanager|organizations|pricing"
    r"|route53domains|serverlessrepo|shield|support|trustedadvisor):|:layer:|:wafv2:[^:]*:[^:]*:global/"
)
"""What lies in one region for everybody, or belongs to whoever publishes it: applications, layers."""


@rule("literal-region", severity=Severity.WARNING, source=_PSEUDO)
def literal_region(context: Context) -> Iterator[Fault]:
    """A region written out in an ARN.

    The stack of the other region then points across, and stops working with the region it points to: a
    warning where the region written is not the stack's own, a note where it happens to be. Write
    ${AWS::Region}, or a parameter when the other region is meant. Inline code is not looked at, nor what
    lies in other regions by nature: replicas, the primary of a replica key, layers, global services, topics
    that are subscribed to. What value-region finds is not found again.
    """
    for path, region, _, text in _arns(context):
        place = place_of(context.template.resources[str(path[1])].type, path[3:])
        if not region or _IN_OTHER_REGIONS.intersection(path) or (place and (place.is_home or place.beside)):
            continue
        for stack in context.stacks:
            if stack.takes(path) is True and not (place and region != stack.region):
                yield Fault(
                    path=path,
                    region=stack.region,
                    severity=Severity.NOTE if region == stack.region else None,
                    message=f"The ARN names {region} in so many words",
                    actual=text,
                    expected="${AWS::Region}, or a parameter for the other region",
                    fix=f'write {{"Fn::Sub": "{text.replace(region, "${AWS::Region}")}"}}',
                )


@rule("literal-account", severity=Severity.WARNING, source=_PSEUDO)
def literal_account(context: Context) -> Iterator[Fault]:
    """An account written out in an ARN.

    In any other account the template points to strangers. Principals of policies (that is how another
    account is let in or kept out), what others publish (layers, applications, topics that are subscribed
    to) and ARNs of AWS Organizations (which are the management account's) are left alone.
    """
    for path, _, account, text in _arns(context):
        place = place_of(context.template.resources[str(path[1])].type, path[3:])
        if account and not _OF_OTHERS.intersection(path) and not (place and place.beside):
            for stack in context.stacks:
                if stack.takes(path) is True:
                    yield Fault(
                        path=path,
                        region=stack.region,
                        message=f"The ARN names the account {account} in so many words",
                        actual=text,
                        expected="${AWS::AccountId}",
                        fix=f'write {{"Fn::Sub": "{text.replace(account, "${AWS::AccountId}")}"}}',
                    )


def _arns(context: Context) -> Iterator[tuple[Path, str, str, str]]:
    """Yield (path, region, account, text) of each text in a resource with an ARN that names one of them."""
    for resource in () if context.is_rewritten else context.template.resources.values():
        if resource.type.startswith(_OF_ONE_REGION):
            continue
        for path, text in _texts(resource.properties, ("Resources", resource.logical_id, "Properties")):
            is_arn = "arn:" in text and "ZipFile" not in path and not _FOREIGN.search(text)
            found = _ARN.search(text) if is_arn else None
            if found and (found[2] or found[3]):
                yield path, found[2] or "", found[3] or "", text


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts below a value; a walk without recursion, templates may be deep."""
    open_ends: list[tuple[Path, Any]] = [(path, value)]
    while open_ends:
        here, found = open_ends.pop()
        if isinstance(found, str):
            yield here, found
        elif isinstance(found, dict):
            open_ends.extend(((*here, key), member) for key, member in reversed(found.items()))
        elif isinstance(found, list):
            open_ends.extend(((*here, index), found[index]) for index in range(len(found) - 1, -1, -1))
