"""What the checks could not look into, and suppressions that do not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.regional import OpenParameter
from qa.checks.rule import Fault, rule
from qa.checks.suppression import entries, is_well_formed
from qa.template.expansion import MACRO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.template.loops import OpenPlace

_MACROS = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html"
_FUNCTIONS = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"
)
_ANATOMY = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html"
_METADATA = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html"
_PROCESSED = "check what `aws cloudformation get-template --template-stage Processed` gives"


@rule("no-resources", severity=Severity.ERROR, source=_ANATOMY)
def no_resources(context: Context) -> Iterator[Fault]:
    """A template without a resource.

    CloudFormation refuses it: "At least one Resources member must be defined". A macro may add some.
    """
    is_known = context.expansion.is_whole and not context.expansion.problems
    if not context.template.resources and not context.macros and is_known:
        yield Fault(
            path=("Resources",),
            message="Template format error: At least one Resources member must be defined.",
            actual=None,
            expected="a resource",
            fix="add a resource",
        )


@rule("transform-not-analysed", severity=Severity.NOTE, source=_MACROS)
def transform_not_analysed(context: Context) -> Iterator[Fault]:
    """Part of the template cannot be known here: a macro that runs inside AWS, or an open loop, makes it.

    With AWS::Serverless the resources of other types are checked, and of its own what is certain. With any
    other macro of the template neither schemas nor targets of references are; with one inside a resource
    or a property, just that is left out. A Fn::ForEach over a parameter without a value, or an entry whose
    condition hangs on one, is left out too: give the value with --parameter. References to what such a
    loop may make are not judged.
    """
    macros = set(context.macros)
    named = dict.fromkeys(name for name in context.template.transforms if name in macros)
    places = [(("Transform",), name) for name in named]
    for path, name in (*places, *context.expansion.macros):
        yield Fault(
            path=path,
            message=f"transform {name} runs inside AWS; what it makes is not checked",
            actual=name,
            expected="a template that stands as it is deployed",
            fix=_PROCESSED,
        )
    for place in context.expansion.open_places:
        if place.path[-1] != MACRO:
            yield _open(place)


def _open(place: OpenPlace) -> Fault:
    names = [str(one.name) for one in place.unknowns if isinstance(one, OpenParameter)]
    given = " ".join(f"--parameter {name}=…" for name in names)
    return Fault(
        path=place.path,
        message=f"{place.path[1]}: {place.reason}; what comes of it is not checked",
        actual=[str(one) for one in place.unknowns] or place.reason,
        expected="values that are known before the deploy",
        fix=f"check with {given}" if given else _PROCESSED,
    )


@rule("functions-not-followed", severity=Severity.NOTE, source=_FUNCTIONS)
def functions_not_followed(context: Context) -> Iterator[Fault]:
    """Functions in functions make more of this template than the checks follow.

    Fn::Sub of Fn::Sub doubles with each level: thirty levels fit into a line and make a gigabyte. From
    where that is noticed on, values that functions make are not known, and no rule judges them.
    """
    for stack in context.stacks:
        for problem in stack.problems:
            if problem.is_beyond_budget:
                yield Fault(
                    path=problem.path,
                    region=stack.region,
                    message=f"{problem.message}; what functions make from here on is not checked",
                    actual=None,
                    expected="functions that make no more than a template can hold",
                    fix="nest the functions less deep, or repeat the variable less often",
                )
                break


@rule("malformed-suppression", severity=Severity.WARNING, source=_METADATA)
def malformed_suppression(context: Context) -> Iterator[Fault]:
    """A suppression in Metadata without a rule that there is, or without a reason; it suppresses nothing.

    Written "Metadata": {"qa": {"suppress": [{"rule": "unknown-type", "reason": "…"}]}}.
    """
    for path, _, entry in entries(context.template):
        if not is_well_formed(entry):
            words = "a suppression needs a rule and a reason; this one does nothing"
        elif entry["rule"] not in context.known_rules:
            words = f"there is no rule {entry['rule']!r}; this suppression does nothing"
        else:
            continue
        yield Fault(
            path=path,
            message=words,
            actual=entry,
            expected='{"rule": "<ID>", "reason": "<why it does not count>"}',
            fix="name the rule (`qa check --list-rules`) and the reason",
        )
