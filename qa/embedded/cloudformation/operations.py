"""The operations that change stacks, each from a request's parameters to its answer."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from . import lifecycle, work
from .changesets import new_change_set
from .errors import RefusedError, invalid, unmodelled
from .lifecycle import DesiredState
from .preparation import Place, prepare
from .preview import changes_outputs, planned_changes
from .requests import tags_of, template_of, values_of
from .stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

    from .stack_store import StackStore

USER = "User Initiated"
NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]*")
UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)
# Validation, registration and the first status of a stack belong together.
_lock = threading.RLock()


def create_stack(world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateStack: answer the stack's ID, its creation done or going on."""
    with _lock:
        name = _checked_name(params["StackName"])
        if store.alive(name) is not None:
            raise RefusedError("AlreadyExistsException", f"Stack [{name}] already exists")
        on_failure = _on_failure(params)
        stack = new_stack(store, name)
        desired = desired_of(store, stack, params, previous=None)
        stack.disable_rollback = on_failure == "DO_NOTHING"
        stack.is_protected = bool(params.get("EnableTerminationProtection"))
        stack.timeout_minutes = params.get("TimeoutInMinutes")
        stack.client_token = params.get("ClientRequestToken")
        store.add(stack)
        stack.enter("CREATE_IN_PROGRESS", USER)
    work.start(world, stack, lambda: lifecycle.create(stack, desired, on_failure=on_failure))
    return {"StackId": stack.stack_id}


def update_stack(world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateStack: answer the stack's ID, its update done or going on."""
    with _lock:
        stack = store.alive(params["StackName"])
        if stack is None or stack.status == "REVIEW_IN_PROGRESS":
            raise invalid(f"Stack [{params['StackName']}] does not exist")
        check_updatable(stack)
        desired = desired_of(store, stack, params, previous=stack)
        if not has_changes(stack, desired):
            raise invalid("No updates are to be performed.")
        for change_set in store.change_sets(stack):
            change_set.execution_status = "OBSOLETE"
        stack.client_token = params.get("ClientRequestToken")
        stack.enter("UPDATE_IN_PROGRESS", USER)
    work.start(world, stack, lambda: lifecycle.update(stack, desired))
    return {"StackId": stack.stack_id}


def delete_stack(world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteStack: nothing is said of a stack that is not there."""
    with _lock:
        stack = store.alive(params["StackName"])
        if stack is None or stack.status == "DELETE_IN_PROGRESS":
            return {}
        if stack.is_protected:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        retain = tuple(params.get("RetainResources") or ())
        if retain and stack.status != "DELETE_FAILED":
            raise invalid(
                f"Invalid operation on stack [{stack.stack_id}]. "
                "Specify resources to retain only when deleting a stack in the DELETE_FAILED state."
            )
        if stack.is_busy:
            raise invalid(f"Stack [{stack.name}] cannot be deleted while in status {stack.status}")
        store.check_unused(stack)
        stack.client_token = params.get("ClientRequestToken")
        stack.enter("DELETE_IN_PROGRESS", USER)
    work.start(world, stack, lambda: lifecycle.delete(stack, retain=retain))
    return {}


def update_termination_protection(
    _world: World, store: StackStore, params: Mapping[str, Any]
) -> dict[str, Any]:
    """UpdateTerminationProtection."""
    stack = store.alive(params["StackName"])
    if stack is None:
        raise invalid(f"Stack [{params['StackName']}] does not exist")
    stack.is_protected = bool(params["EnableTerminationProtection"])
    return {"StackId": stack.stack_id}


def create_change_set(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """CreateChangeSet: the answer comes when the change set is complete, or has failed for no changes."""
    with _lock:
        kind = params.get("ChangeSetType") or "UPDATE"
        stack = _stack_for_change_set(store, params, kind)
        name = params["ChangeSetName"]
        _free_name(store, stack, name)
        desired = desired_of(store, stack, params, previous=stack if kind == "UPDATE" else None)
        change_set = new_change_set(
            stack,
            desired,
            change_set_id=store.new_id("changeSet", name),
            params=params,
            changes=planned_changes(stack, desired),
            is_change=kind == "CREATE" or has_changes(stack, desired),
        )
        if kind == "CREATE" and store.alive(stack.stack_id) is None:
            store.add(stack)
            stack.enter("REVIEW_IN_PROGRESS", USER)
        store.add_change_set(change_set)
    return {"Id": change_set.change_set_id, "StackId": stack.stack_id}


def execute_change_set(world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """ExecuteChangeSet: create or update the stack as the change set says."""
    with _lock:
        change_set = store.change_set(params["ChangeSetName"], params.get("StackName"))
        if change_set.execution_status != "AVAILABLE":
            raise RefusedError(
                "InvalidChangeSetStatus",
                f"ChangeSet [{change_set.change_set_id}] cannot be executed in its current status of "
                f"[{change_set.status if change_set.status == 'FAILED' else change_set.execution_status}]",
            )
        stack = change_set.stack
        is_creation = stack.status == "REVIEW_IN_PROGRESS"
        if not is_creation:
            check_updatable(stack)
            if params.get("DisableRollback"):
                raise unmodelled("DisableRollback of an update")
        for other in store.change_sets(stack):
            if other is not change_set:
                store.forget_change_set(other)
        change_set.execution_status = "EXECUTE_COMPLETE"
        stack.change_set_id = change_set.change_set_id
        stack.client_token = params.get("ClientRequestToken")
        change_set.prepared.stack_map.cross_stack_resources = store.exports()  # type: ignore[assignment]  # ours
        desired = DesiredState(
            prepared=change_set.prepared,
            tags=change_set.tags,
            capabilities=change_set.capabilities,
            check_exports=store.check_exports,
        )
        stack.disable_rollback = bool(params.get("DisableRollback"))
        on_failure = "DO_NOTHING" if stack.disable_rollback else (change_set.on_failure or "ROLLBACK")
        stack.enter("CREATE_IN_PROGRESS" if is_creation else "UPDATE_IN_PROGRESS", USER)
    if is_creation:
        work.start(world, stack, lambda: lifecycle.create(stack, desired, on_failure=on_failure))
    else:
        work.start(world, stack, lambda: lifecycle.update(stack, desired))
    return {}


def delete_change_set(_world: World, store: StackStore, params: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteChangeSet: one that is not there is no error."""
    name = params["ChangeSetName"]
    try:
        change_set = store.change_set(name, params.get("StackName"))
    except RefusedError:
        if store.alive(params.get("StackName") or "") is None and not name.startswith("arn:"):
            raise invalid(f"Stack [{params.get('StackName')}] does not exist") from None
        return {}
    store.forget_change_set(change_set)
    return {}


def new_stack(store: StackStore, name: str) -> Stack:
    """Return a stack that nobody knows of yet."""
    return Stack(
        stack_id=store.new_id("stack", name),
        name=name,
        account_id=store.account_id,
        region=store.region,
        world=store.world,
    )


def desired_of(
    store: StackStore, stack: Stack, params: Mapping[str, Any], *, previous: Stack | None
) -> DesiredState:
    """Return what the request specifies for the stack; refuse what cannot be."""
    template = template_of(params, previous, store.account_id)
    capabilities = tuple(params.get("Capabilities") or ())
    prepared = prepare(
        template,
        values_of(params, previous),
        capabilities=capabilities,
        place=Place(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            account_id=stack.account_id,
            region=stack.region,
            exports=store.exports(),
            world=store.world,
        ),
    )
    return DesiredState(
        prepared=prepared,
        tags=tags_of(params, previous),
        capabilities=capabilities,
        check_exports=store.check_exports,
    )


def has_changes(stack: Stack, desired: DesiredState) -> bool:
    """Say whether an update would do anything."""
    prepared = desired.prepared
    return bool(
        planned_changes(stack, desired)
        or changes_outputs(stack, prepared)
        or stack.values != prepared.values
        or stack.tags != desired.tags
    )


def check_updatable(stack: Stack) -> None:
    """Refuse an update of a stack whose status allows none."""
    if stack.status not in UPDATABLE:
        raise invalid(f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated.")


def _stack_for_change_set(store: StackStore, params: Mapping[str, Any], kind: str) -> Stack:
    name = params["StackName"]
    stack = store.alive(name)
    if kind not in ("CREATE", "UPDATE"):
        raise invalid(f"no support for ChangeSetType {kind} in the embedded AWS")
    if kind == "CREATE":
        if stack is None:
            return new_stack(store, _checked_name(name))
        if stack.status != "REVIEW_IN_PROGRESS":
            raise invalid(
                f"Stack [{stack.name}] already exists and cannot be created again with the changeSet "
                f"[{params['ChangeSetName']}]."
            )
        return stack
    if stack is None:
        raise invalid(f"Stack [{name}] does not exist")
    check_updatable(stack)
    return stack


def _free_name(store: StackStore, stack: Stack, name: str) -> None:
    for one in store.change_sets(stack):
        if one.name == name and one.execution_status != "EXECUTE_COMPLETE":
            raise RefusedError("AlreadyExistsException", f"ChangeSet [{name}] already exists")


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    if len(name) > 128:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must have length less than or equal to 128"
        )
    return name


def _on_failure(params: Mapping[str, Any]) -> str:
    chosen = params.get("OnFailure")
    if chosen and params.get("DisableRollback") is not None:
        raise invalid("You can specify either DisableRollback or OnFailure, not both.")
    return chosen or ("DO_NOTHING" if params.get("DisableRollback") else "ROLLBACK")
