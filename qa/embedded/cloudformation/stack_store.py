"""All stacks and change sets of one account and region, kept where moto's reset clears them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from .errors import RefusedError, UnresolvedValueError, invalid
from .outputs import exports_of

if TYPE_CHECKING:
    from moto.cloudformation.models import CloudFormationBackend

    from qa.embedded.world import World

    from .stacks import ChangeSet, Export, Output, Stack


class StackStore:
    """The stacks of one backend; the latest first among those of one name."""

    def __init__(self, backend: CloudFormationBackend, world: World) -> None:
        self.world = world
        self.account_id: str = backend.account_id
        self.region: str = backend.region_name
        # ours in moto's own places: its tagging API and its reset go on working
        self._stacks = cast("dict[str, Any]", backend.stacks)
        self._deleted = cast("dict[str, Any]", backend.deleted_stacks)
        self._change_sets = cast("dict[str, Any]", backend.change_sets)

    def stacks(self) -> tuple[Stack, ...]:
        """Return the stacks that are not deleted, in order of creation."""
        self._bury()
        return tuple(self._stacks.values())

    def deleted_stacks(self) -> tuple[Stack, ...]:
        """Return the deleted stacks, in order of deletion."""
        self._bury()
        return tuple(self._deleted.values())

    def alive(self, name_or_id: str) -> Stack | None:
        """Return the stack of that name or ID that is not deleted; None if there is none."""
        return next((one for one in self.stacks() if name_or_id in (one.name, one.stack_id)), None)

    def find(self, name_or_id: str) -> Stack | None:
        """Return the stack; a deleted one by its ID alone. None if there is none."""
        found = self.alive(name_or_id)
        return found if found is not None else self._deleted.get(name_or_id)

    def add(self, stack: Stack) -> None:
        """Keep a new stack."""
        self._stacks[stack.stack_id] = stack

    def new_id(self, kind: str, name: str) -> str:
        """Return a new ARN; `kind` is stack or changeSet."""
        return f"arn:aws:cloudformation:{self.region}:{self.account_id}:{kind}/{name}/{uuid.uuid4()}"

    def exports(self) -> dict[str, Export]:
        """Return the region's exports by name."""
        return {export.name: export for stack in self.stacks() for export in exports_of(stack)}

    def importers(self, export_name: str) -> list[str]:
        """Return the names of the stacks that use an export."""
        return [stack.name for stack in self.stacks() if export_name in stack.imports]

    def check_exports(self, stack: Stack, outputs: tuple[Output, ...]) -> None:
        """Raise UnresolvedValueError for exports that another stack has, or still uses as they were."""
        names = {one.export_name: one.value for one in outputs if one.export_name is not None}
        for name, export in self.exports().items():
            if export.stack_id != stack.stack_id and name in names:
                raise UnresolvedValueError(
                    f"Export with name {name} is already exported by stack {export.stack_name}. "
                )
        for export in exports_of(stack):
            users = self.importers(export.name)
            if users and export.name not in names:
                raise UnresolvedValueError(_in_use(export.name, users, "deleted"))
            if users and names[export.name] != export.value:
                raise UnresolvedValueError(_in_use(export.name, users, "updated"))

    def check_unused(self, stack: Stack) -> None:
        """Refuse the deletion of a stack whose exports others use."""
        for export in exports_of(stack):
            users = self.importers(export.name)
            if users:
                raise invalid(_in_use(export.name, users, "deleted"))

    def add_change_set(self, change_set: ChangeSet) -> None:
        """Keep a new change set."""
        self._change_sets[change_set.change_set_id] = change_set

    def change_sets(self, stack: Stack) -> tuple[ChangeSet, ...]:
        """Return the stack's change sets, in order of creation."""
        return tuple(one for one in self._change_sets.values() if one.stack is stack)

    def change_set(self, name_or_id: str, stack_name: str | None) -> ChangeSet:
        """Return the change set; raises RefusedError ChangeSetNotFound."""
        for one in reversed(tuple(self._change_sets.values())):
            of_stack = stack_name in (one.stack.name, one.stack.stack_id)
            if one.change_set_id == name_or_id or (one.name == name_or_id and of_stack):
                return cast("ChangeSet", one)
        raise RefusedError("ChangeSetNotFound", f"ChangeSet [{name_or_id}] does not exist")

    def forget_change_set(self, change_set: ChangeSet) -> None:
        """Forget a change set."""
        self._change_sets.pop(change_set.change_set_id, None)

    def _bury(self) -> None:
        for stack_id, stack in tuple(self._stacks.items()):
            if stack.status == "DELETE_COMPLETE":
                self._deleted[stack_id] = stack
                self._stacks.pop(stack_id, None)


def _in_use(name: str, users: list[str], verb: str) -> str:
    return f"Export {name} cannot be {verb} as it is in use by {', '.join(users)}"
