"""The stacks of a run as a ready check sees them: which regions, what each holds, what its outputs say.

The only module of this package that knows how a run names its stacks, regions and outputs.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from qa.errors import QaError
from qa.probe import cloudformation
from qa.stack.outputs import merge_outputs
from qa.template.load import parse_template

from .naming import Name, Thing, plain_name, region_of
from .pairing import Held, Pairing, kind_of, pair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from qa.live.handover import Live
    from qa.probe.cloudformation import StackState
    from qa.stack.clients import Clients
    from qa.template import Template

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView:
    """One stack in one region: its state and outputs, and what it says it holds."""

    region: str
    state: StackState
    held: tuple[Held, ...]
    statuses: Mapping[str, str]
    """Of each resource, by logical ID."""


class Estate:
    """All stacks of a run in all its regions; what was read once is not read again."""

    def __init__(self, live: Live, clients: Clients) -> None:
        self.live = live
        self._clients = clients
        self._lock = threading.Lock()
        self._views: dict[tuple[str, str], StackView | None] = {}
        self._templates: dict[tuple[str, str], Template] = {}

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of the run, the primary first."""
        return tuple(self.live.deployment.region_names)

    @property
    def account(self) -> str:
        """The account of the run."""
        return self.live.account

    def stack_names(self, region: str) -> tuple[str, ...]:
        """Return the names of the stacks that the run has in a region."""
        return tuple(place.stack_name for place in self.live.deployment.places_in(region))

    def outputs_file(self, region: str, stack_name: str | None = None) -> Mapping[str, str]:
        """Return what the outputs files say of a region, or of one stack there, and what is alike in all."""
        names = [
            place.name
            for place in self.live.deployment.places_in(region)
            if stack_name in {None, place.stack_name}
        ]
        of_region = [self.live.outputs.by_stack.get(name, {}).get(region, {}) for name in names]
        return {**merge_outputs(of_region), **self.live.outputs.values}

    def views(self, region: str) -> tuple[StackView, ...]:
        """Return the stacks of a region that are there."""
        found = (self.view(region, name) for name in self.stack_names(region))
        return tuple(each for each in found if each is not None)

    def view(self, region: str, stack_name: str) -> StackView | None:
        """Return one stack as it was when first asked for; None if there is none."""
        with self._lock:
            if (region, stack_name) not in self._views:
                self._views[region, stack_name] = self._read(region, stack_name)
            return self._views[region, stack_name]

    def template(self, region: str, stack_name: str) -> Template:
        """Return the template that a stack was last deployed with."""
        with self._lock:
            known = self._templates.get((region, stack_name))
        if known is None:
            body = cloudformation.template_body(self._clients.cloudformation(region), stack_name)
            known = parse_template(body, source=f"the template of {stack_name} in {region}")
            with self._lock:
                self._templates[region, stack_name] = known
        return known

    def _read(self, region: str, stack_name: str) -> StackView | None:
        client = self._clients.cloudformation(region)
        state = cloudformation.stack_state(client, stack_name)
        if state is None:
            return None
        resources = cloudformation.stack_resources(client, stack_name)
        held = tuple(
            Held(
                region=region,
                stack=stack_name,
                logical_id=each.logical_id,
                type=each.resource_type,
                physical_id=each.physical_id,
            )
            for each in resources
            if each.physical_id and each.status != "DELETE_COMPLETE"
        )
        statuses = {each.logical_id: each.status for each in resources}
        return StackView(region=region, state=state, held=held, statuses=statuses)

    def held(self, region: str, types: Collection[str] = ()) -> tuple[Held, ...]:
        """Return what the stacks of a region hold; of these types only, if any are given."""
        return tuple(
            each for view in self.views(region) for each in view.held if not types or each.type in types
        )

    def everywhere(
        self,
        name: Name,
        types: Collection[str],
        *,
        linked: Callable[[Thing, str], str | None] | None = None,
        regions: tuple[str, ...] = (),
    ) -> dict[str, Thing]:
        """Return the thing of that name in each region that holds it, the primary first.

        `linked` tells what the service itself links with a thing in another region; it comes before any
        pairing by names. Raises QaError when no region has it.
        """
        chosen = regions or self.regions
        found = {region: thing for region in chosen if (thing := self.named(name, types, region)) is not None}
        if not found and isinstance(name, str) and not set(self._known(types, self.regions)):
            # no stack of this run holds such a thing: another tool's, by its physical name
            return {region: Thing(region=region, physical_id=name) for region in chosen}
        if not found:
            raise self._unknown(name, types, chosen)
        for region in chosen:
            if region not in found and not isinstance(name, Mapping):
                partner = self._partner(next(iter(found.values())), region, types, linked)
                if partner is not None:
                    found[region] = partner
        return {region: found[region] for region in chosen if region in found}

    def named(self, name: Name, types: Collection[str], region: str) -> Thing | None:
        """Return what a name itself leads to in a region: output, logical ID, physical name or ARN."""
        if isinstance(name, Mapping):
            said = Thing(region=region, physical_id=name[region]) if region in name else None
            return said and (self.named(name[region], types, region) or said)
        if region_of(name) not in {None, region}:
            return None
        return next(self._leads(name, region, self.held(region, types)), None)

    def _leads(self, name: str, region: str, held: Collection[Held]) -> Iterator[Thing]:
        for view in self.views(region):
            if name in view.state.outputs:
                yield self._thing(region, view.state.outputs[name], held)
        yield from (_of(each) for each in held if name == each.logical_id)
        value = self.outputs_file(region).get(name)
        if value is not None and self._is_of(region, value, held):
            yield self._thing(region, value, held)
        yield from (_of(each) for each in held if plain_name(name) == plain_name(each.physical_id))
        if region_of(name) == region:  # what no stack of this run holds, such as Terraform's
            yield Thing(region=region, physical_id=name)

    def _is_of(self, region: str, value: str, held: Collection[Held]) -> bool:
        """Say whether an output of the flat file, which names no region, is of this one."""
        if region_of(value) is not None:
            return region_of(value) == region
        return any(plain_name(value) == plain_name(each.physical_id) for each in held)

    @staticmethod
    def _thing(region: str, physical_id: str, held: Collection[Held]) -> Thing:
        for each in held:
            if plain_name(each.physical_id) == plain_name(physical_id):
                return Thing(
                    region=region, physical_id=physical_id, logical_id=each.logical_id, type=each.type
                )
        return Thing(region=region, physical_id=physical_id)

    def _partner(
        self,
        thing: Thing,
        region: str,
        types: Collection[str],
        linked: Callable[[Thing, str], str | None] | None,
    ) -> Thing | None:
        physical_id = None if linked is None else linked(thing, region)
        if physical_id is not None:
            there = self._thing(region, physical_id, self.held(region, types))
            return Thing(
                region=region,
                physical_id=physical_id,
                logical_id=there.logical_id or thing.logical_id,
                type=there.type,
                found_by="linked by the service",
            )
        found = self.pairing(thing, region, types)
        return None if found.partner is None else _of(found.partner, found_by=found.rule)

    def pairing(self, thing: Thing, region: str, types: Collection[str]) -> Pairing:
        """Return the partner of a thing in another region by what both stacks call things."""
        here = self.held(thing.region, types)
        mine = next((each for each in here if each.logical_id == thing.logical_id), None)
        if mine is None:
            return Pairing(partner=None, rule="no stack of this run holds it")
        return pair(mine, here, self.held(region, types))

    def _unknown(self, name: Name, types: Collection[str], regions: Collection[str]) -> QaError:
        known = sorted(set(self._known(types, regions)))
        given = name if isinstance(name, str) else ", ".join(name.values())
        near = get_close_matches(given, known, n=1)
        shown = ", ".join(known[:NAMES_SHOWN]) or "none"
        guess = f"Did you mean {near[0]!r}? " if near else ""
        kinds = " or ".join(sorted({kind_of(each) for each in types}))
        return QaError(
            f"no {kinds} {given!r} in {', '.join(regions)}. {guess}These are held there: {shown}. Name a "
            "logical ID, a stack output, a physical name or an ARN."
        )

    def _known(self, types: Collection[str], regions: Collection[str]) -> Iterator[str]:
        for region in regions:
            yield from (each.logical_id for each in self.held(region, types))


def _of(held: Held, *, found_by: str = "name") -> Thing:
    return Thing(
        region=held.region,
        physical_id=held.physical_id,
        logical_id=held.logical_id,
        type=held.type,
        found_by=found_by,
    )


def text_of(value: Any) -> str:
    """Return a value as JSON for a failure: short, sorted, on one line."""
    return json.dumps(value, sort_keys=True, default=str)
