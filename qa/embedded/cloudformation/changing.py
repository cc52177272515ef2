"""Bring a stack's resources to what a prepared template says, and back when that fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import handlers
from .difference import changes_of, needs_replacement, touches_the_resource
from .errors import ResourceError, UnresolvedValueError
from .properties import evaluated_properties
from .registry import missing_property, modelled, unsupported_property, wrong_value
from .stacks import Resource
from .template_values import References

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .preparation import Prepared
    from .stacks import Stack


class ChangesFailedError(Exception):
    """Some resources of an operation failed; `verb` says at what."""

    def __init__(self, failed: tuple[str, ...], verb: str) -> None:
        super().__init__(f"The following resource(s) failed to {verb}: [{', '.join(failed)}]. ")
        self.reason = str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How to take back one step: the resource as it was before, None for one that was not there."""

    before: Resource | None
    after: Resource


@dataclass(slots=True, kw_only=True)
class Changing:
    """One operation on a stack: what was done so far, so that it can be taken back."""

    stack: Stack
    prepared: Prepared
    done: list[Undo] = field(default_factory=list)
    replaced: list[Resource] = field(default_factory=list)
    """Physical resources that another one has taken the place of; deleted at the end."""

    def run(self) -> None:
        """Create and update, wave by wave; raises ChangesFailedError after the first wave that fails."""
        stack_map = self.prepared.stack_map
        for logical_id in self.prepared.resources:
            existing = self.stack.resources.get(logical_id)
            if existing is not None and existing.is_made:
                stack_map.put(logical_id, existing.model)
        for wave in self.prepared.waves:
            self._run_wave([_Step(self, logical_id) for logical_id in wave])

    def undo_updates(self) -> None:
        """Give updated and replaced resources back what they were; raises ChangesFailedError."""
        failed = []
        for step in reversed(self.done):
            if step.before is None:
                continue
            try:
                self._restore(step.before, step.after)
            except ResourceError as broken:
                self.stack.record(step.after, "UPDATE_FAILED", broken.reason)
                failed.append(step.after.logical_id)
        if failed:
            raise ChangesFailedError(tuple(failed), "update")

    def left_over(self) -> list[Resource]:
        """Return what the operation made and its failure leaves without use, last made first."""
        return [
            step.after
            for step in reversed(self.done)
            if step.before is None or step.before.physical_id != step.after.physical_id
        ]

    def _run_wave(self, steps: list[_Step]) -> None:
        for step in steps:
            step.begin()
        failed: list[_Step] = []
        for step in steps:
            try:
                if failed:
                    step.cancel()
                else:
                    step.perform()
            except ResourceError as broken:
                step.fail(broken.reason)
                failed.append(step)
        if failed:
            raise ChangesFailedError(tuple(step.logical_id for step in failed), failed[0].verb)

    def _restore(self, before: Resource, after: Resource) -> None:
        if before.physical_id == after.physical_id:
            self.stack.record(after, "UPDATE_IN_PROGRESS")
            model = handlers.restore(self.stack, after, before.properties, before=after.properties)
            before.model = model
            before.physical_id = handlers.physical_id(model)
        self.stack.resources[before.logical_id] = before
        self.prepared.stack_map.put(before.logical_id, before.model)
        self.stack.record(before, "UPDATE_COMPLETE")


class _Step:
    """One resource of a wave: nothing, a creation, an update in place or a replacement."""

    def __init__(self, changing: Changing, logical_id: str) -> None:
        self.logical_id = logical_id
        self._changing = changing
        self._stack = changing.stack
        self._definition = changing.prepared.resources[logical_id]
        existing = self._stack.resources.get(logical_id)
        self._before = existing if existing is not None and existing.is_made else None
        self.verb = "create" if self._before is None else "update"
        self._properties: Mapping[str, Any] = {}
        self._replaces = False
        self._has_work = True
        self._problem: str | None = None
        self._resource = Resource(
            logical_id=logical_id, resource_type=self._definition["Type"], definition=self._definition
        )

    def begin(self) -> None:
        """Evaluate the properties and report that the work has begun, where there is some."""
        known = {} if self._before is None else self._before.references
        self._evaluate(known)
        if self._before is not None and self._problem is None:
            self._compare(self._before)
        if not self._has_work:
            return
        if known and self._problem is None:
            self._evaluate({})  # what is changed gets the values of now
        if self._before is not None and not self._replaces:
            self._resource.physical_id = self._before.physical_id
        self._stack.resources[self.logical_id] = self._resource
        self._stack.record(self._resource, f"{self.verb.upper()}_IN_PROGRESS", self._first_reason())

    def _evaluate(self, known: Mapping[str, str]) -> None:
        references = References(world=self._stack.world, region=self._stack.region, values=dict(known))
        try:
            self._properties = evaluated_properties(
                self._definition,
                self._changing.prepared.stack_map,
                tags=self._stack.tags,
                references=references,
            )
        except UnresolvedValueError as unresolved:
            self._problem = str(unresolved)
        else:
            self._problem = self._property_problem()
        self._resource.references = references.values

    def perform(self) -> None:
        """Do the work; raises ResourceError with the status reason."""
        if not self._has_work:
            return
        if self._problem is not None:
            raise ResourceError(self.logical_id, self._problem)
        if self._before is None or self._replaces:
            self._make()
        else:
            self._change(self._before)
        self._changing.prepared.stack_map.put(self.logical_id, self._resource.model)
        self._stack.record(self._resource, f"{self.verb.upper()}_COMPLETE")

    def cancel(self) -> None:
        """Give up the work because another resource has failed; raises ResourceError where there is some."""
        if self._has_work:
            verb = "creation" if self._before is None else "update"
            raise ResourceError(self.logical_id, f"Resource {verb} cancelled")

    def fail(self, reason: str) -> None:
        """Tell the failure; what was there before stays the stack's resource."""
        self._stack.record(self._resource, f"{self.verb.upper()}_FAILED", reason)
        if self._before is not None and not self._resource.is_made:
            self._stack.resources[self.logical_id] = self._before

    def _first_reason(self) -> str | None:
        if self._replaces:
            return "Requested update requires the creation of a new physical resource; hence creating one."
        return None

    def _property_problem(self) -> str | None:
        kind, region = self._definition["Type"], self._stack.region
        checks = (unsupported_property, missing_property, wrong_value)
        found = (check(self.logical_id, kind, self._properties, region) for check in checks)
        return next((problem for problem in found if problem), None)

    def _compare(self, before: Resource) -> None:
        changes = changes_of(
            before.resource_type,
            self._stack.region,
            before=(before.definition, before.properties),
            after=(self._definition, self._properties),
        )
        if before.resource_type != self._definition["Type"]:
            self._problem = (
                "Update of resource type is not permitted. The new template modifies resource type of the "
                f"following resources: [{self.logical_id}]"
            )
            return
        self._replaces = needs_replacement(changes)
        if not touches_the_resource(changes):
            before.definition = self._definition
            self._has_work = False
        elif self._replaces and self._keeps_its_name(before):
            self._problem = (
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {before.physical_id} and update the stack again."
            )

    def _keeps_its_name(self, before: Resource) -> bool:
        name = modelled(before.resource_type).named_by
        return (
            bool(name) and name in self._properties and self._properties[name] == before.properties.get(name)
        )

    def _make(self) -> None:
        resource = self._resource
        model = handlers.create(self._stack, resource, self._properties)
        resource.model, resource.properties = model, self._properties
        resource.physical_id = handlers.physical_id(model)
        self._changing.done.append(Undo(before=self._before, after=resource))
        if self._before is not None:
            self._changing.replaced.append(self._before)
        self._stack.record(resource, f"{self.verb.upper()}_IN_PROGRESS", "Resource creation Initiated")

    def _change(self, before: Resource) -> None:
        resource = self._resource
        # whether or not the update gets through, it may have begun: taking it back must try
        resource.model, resource.properties = before.model, self._properties
        self._changing.done.append(Undo(before=before, after=resource))
        resource.model = handlers.update(self._stack, resource, self._properties, before=before.properties)
        resource.physical_id = handlers.physical_id(resource.model)
