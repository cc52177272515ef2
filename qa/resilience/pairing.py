"""Finding the same thing in another region: the first rule that gives exactly one partner wins.

Pure: what the stacks hold comes in, a partner or the reason for none goes out. What is said by the caller
and what a service links (replicas, destinations) comes before and is no business of this module.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SIDES = frozenset(
    {
        "primary",
        "secondary",
        "east",
        "west",
        "main",
        "dr",
        "active",
        "passive",
        "standby",
        "one",
        "two",
        "1",
        "2",
    }
)
SAME_KIND = {
    "AWS::KMS::ReplicaKey": "AWS::KMS::Key",
    "AWS::DynamoDB::GlobalTable": "AWS::DynamoDB::Table",
}
"""Types that are one kind of thing."""
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One resource of one stack, as far as pairing looks."""

    region: str
    stack: str
    logical_id: str
    type: str
    physical_id: str
    cdk_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The partner and the rule that found it; without one the candidates, of which none is certain."""

    partner: Held | None
    rule: str
    candidates: tuple[Held, ...] = field(default=())


def kind_of(resource_type: str) -> str:
    """Return the type under which a thing is compared."""
    return SAME_KIND.get(resource_type, resource_type)


def pair(thing: Held, here: Iterable[Held], there: Sequence[Held]) -> Pairing:
    """Return the partner of a thing among what another region holds."""
    own = [each for each in here if kind_of(each.type) == kind_of(thing.type)]
    others = [each for each in there if kind_of(each.type) == kind_of(thing.type)]
    for rule, candidates in _rules(thing, own, others):
        found = tuple(candidates)
        if len(found) == 1:
            return Pairing(partner=found[0], rule=rule)
        if found:
            return Pairing(partner=None, rule=rule, candidates=found)
    return Pairing(partner=None, rule="no rule")


def _rules(thing: Held, own: Sequence[Held], others: Sequence[Held]) -> Iterable[tuple[str, Iterable[Held]]]:
    yield "same logical ID", _alike(thing, others, lambda each: (each.stack, each.logical_id))
    yield "same logical ID", _alike(thing, others, lambda each: each.logical_id)
    if thing.cdk_path is not None:
        yield "same CDK path", _alike(thing, others, lambda each: _below_stack(each.cdk_path))
    # what has its own name on both sides is paired already, and is no twin of anything else
    named_here, named_there = ({each.logical_id for each in side} for side in (own, others))
    lone_here = [each for each in own if each.logical_id not in named_there]
    lone_there = [each for each in others if each.logical_id not in named_here]
    drop = SIDES | _words_apart(lone_here, lone_there)
    yield (
        "twins, but for the words of their side",
        _alike(thing, lone_there, lambda each: _without(each.logical_id, drop, each.region)),
    )
    yield (
        "same physical name, but for region and side",
        _alike(thing, lone_there, lambda each: _without(each.physical_id, drop, each.region)),
    )


def _alike(thing: Held, others: Iterable[Held], key: Callable[[Held], object]) -> list[Held]:
    mine = key(thing)
    return [each for each in others if mine and key(each) == mine]


def _below_stack(path: str | None) -> str | None:
    """Return a CDK path without the stack and the stage, which are named after the region."""
    return None if path is None else path.partition("/")[2] or None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))


def _without(text: str, drop: frozenset[str], region: str) -> tuple[str, ...]:
    """Return the words of a name but for those that say which side it is on."""
    words = _words(text.replace(region, " "))
    return tuple(word for word in words if word not in drop)


def _words_apart(here: Sequence[Held], there: Sequence[Held]) -> frozenset[str]:
    """Return the words that all things of one side carry, and none of the other."""
    if not here or not there:
        return frozenset()
    counts = [
        Counter(word for each in side for word in set(_words(each.logical_id))) for side in (here, there)
    ]
    mine, theirs = counts
    return frozenset(
        {word for word, count in mine.items() if count == len(here) and word not in theirs}
        | {word for word, count in theirs.items() if count == len(there) and word not in mine}
    )
