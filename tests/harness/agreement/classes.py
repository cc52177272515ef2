"""Disagreements that are explained: whose they are, why, and how one is recognised.

A class is a predicate on the template and on both opinions, never the name of a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import signs

if TYPE_CHECKING:
    from collections.abc import Callable

    from .comparison import Disagreement, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One kind of disagreement."""

    name: str
    found_by: Side
    right: Literal["qa", "cfn-lint", "both"]
    reason: str
    holds: Callable[[Disagreement], bool]


def class_of(disagreement: Disagreement) -> Class | None:
    """Return the class that explains a disagreement; None: it is not explained."""
    for each in CLASSES:
        if each.found_by == disagreement.side and each.holds(disagreement):
            return each
    return None


CLASSES = (
    Class(
        name="made by the serverless transform",
        found_by="cfn-lint",
        right="both",
        reason="cfn-lint runs AWS's translator and looks at what comes out; qa says that it does not",
        holds=signs.is_of_sam,
    ),
    Class(
        name="bucket that notifies a serverless function",
        found_by="qa",
        right="both",
        reason="the transform writes the notification into the bucket; cfn-lint draws its graph before",
        holds=signs.is_of_a_bucket_that_notifies,
    ),
    Class(
        name="keyword without a rule of its own",
        found_by="cfn-lint",
        right="both",
        reason="E3002 also stands for const, format and uniqueKeys; qa has no rule for these",
        holds=signs.has_keyword_of_no_rule,
    ),
    Class(
        name="wrong type called a wrong value as well",
        found_by="cfn-lint",
        right="both",
        reason="a list or object where a choice is wanted is said once by qa, as wrong-type",
        holds=signs.is_of_wrong_type,
    ),
    Class(
        name="type of another vendor",
        found_by="cfn-lint",
        right="qa",
        reason="whether a private or third-party type is registered, the account knows alone",
        holds=signs.is_of_another_vendor,
    ),
    Class(
        name="missing in another region or by other parameters",
        found_by="cfn-lint",
        right="both",
        reason="cfn-lint tries every condition; qa judges the regions and parameters that are deployed",
        holds=signs.is_there_here,
    ),
    Class(
        name="function where an object is wanted",
        found_by="cfn-lint",
        right="cfn-lint",
        reason="what the function gives is text, which lacks all properties; qa judges no function's value",
        holds=signs.is_a_function,
    ),
    Class(
        name="same place, another kind",
        found_by="cfn-lint",
        right="both",
        reason="Ref for all of Properties: no such property here, no object there",
        holds=signs.is_found_as_another_kind,
    ),
    Class(
        name="same place, another kind",
        found_by="qa",
        right="both",
        reason="Ref for all of Properties: no such property here, no object there",
        holds=signs.is_found_as_another_kind,
    ),
    Class(
        name="above or below Fn::If",
        found_by="cfn-lint",
        right="both",
        reason="the same finding; cfn-lint names what holds Fn::If, qa the branch",
        holds=signs.is_placed_in_a_branch,
    ),
    Class(
        name="above or below Fn::If",
        found_by="qa",
        right="both",
        reason="the same finding; cfn-lint names what holds Fn::If, qa the branch",
        holds=signs.is_placed_in_a_branch,
    ),
    Class(
        name="branch of oneOf or anyOf that is not meant",
        found_by="cfn-lint",
        right="both",
        reason="where no branch fits, cfn-lint lists the faults of each, also of those not meant",
        holds=signs.is_of_a_branch_not_meant,
    ),
    Class(
        name="type beside a $ref",
        found_by="cfn-lint",
        right="qa",
        reason="the schema says of one property that it is an object and that it is one of some texts",
        holds=signs.is_of_a_type_beside_ref,
    ),
    Class(
        name="null",
        found_by="qa",
        right="qa",
        reason="CloudFormation refuses null in a template; cfn-lint takes it for absent",
        holds=signs.is_null,
    ),
    Class(
        name="behind a condition that there is not",
        found_by="qa",
        right="qa",
        reason="cfn-lint looks into no branch of a condition that it cannot resolve",
        holds=signs.is_behind_no_condition,
    ),
    Class(
        name="path that `package` replaces",
        found_by="qa",
        right="both",
        reason="a warning in both; cfn-lint's is W3002",
        holds=signs.is_packaged,
    ),
    Class(
        name="serverless type without the transform",
        found_by="qa",
        right="both",
        reason="cfn-lint says it by E3038",
        holds=signs.is_serverless_without_transform,
    ),
    Class(
        name="several cycles",
        found_by="qa",
        right="qa",
        reason="cfn-lint follows one cycle from each resource; qa knows all resources that are on one",
        holds=signs.is_on_another_cycle,
    ),
    Class(
        name="reference in Metadata",
        found_by="cfn-lint",
        right="qa",
        reason="CloudFormation does not order resources by what their Metadata refers to",
        holds=signs.is_edge_of_metadata,
    ),
    Class(
        name="function beside other keys",
        found_by="cfn-lint",
        right="qa",
        reason="a function stands alone; CloudFormation refuses the template before it orders resources",
        holds=signs.is_of_a_function_beside_keys,
    ),
    Class(
        name="refused, and wrong to cfn-lint as well",
        found_by="qa",
        right="both",
        reason="the template has not the shape of one; cfn-lint says so by rules that are not compared",
        holds=signs.is_wrong_to_both,
    ),
    Class(
        name="language extension",
        found_by="qa",
        right="cfn-lint",
        reason="refused by name: Fn::ForEach in this place is not modelled",
        holds=signs.is_language_extension,
    ),
    Class(
        name="cfn-lint breaks off",
        found_by="cfn-lint",
        right="qa",
        reason="an exception inside cfn-lint",
        holds=signs.is_breaking_off,
    ),
    Class(
        name="cycle through Metadata",
        found_by="cfn-lint",
        right="qa",
        reason="without the references in Metadata there is no cycle",
        holds=signs.is_cycle_of_metadata,
    ),
)
