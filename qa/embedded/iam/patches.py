"""What of moto's IAM is patched: what it refuses of its entities, and the policy simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse

from qa.embedded.patches import Patch, operation

from . import entities, simulator
from .aws_managed import providing

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World


def _first(check: Callable[..., None]) -> Callable[[Callable[..., Any], World], Callable[..., Any]]:
    """Return what asks `check` with the backend and the first argument before moto goes to work."""

    def around(original: Callable[..., Any], _: World) -> Callable[..., Any]:
        def checked(self: IAMBackend, name: str) -> Any:
            check(self, name)
            return original(self, name)

        return checked

    return around


def _update_trust(original: Callable[..., None], _: World) -> Callable[..., None]:
    def update_assume_role_policy(self: IAMBackend, role_name: str, policy_document: str) -> None:
        entities.require_known_principals(self.account_id, policy_document)
        original(self, role_name, policy_document)

    return update_assume_role_policy


def _create_role(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def create_role(
        self: IAMBackend, role_name: str, assume_role_policy_document: str, *rest: Any, **named: Any
    ) -> Any:
        IAMTrustPolicyDocumentValidator(
            assume_role_policy_document
        ).validate()  # as in UpdateAssumeRolePolicy
        entities.require_known_principals(self.account_id, assume_role_policy_document)
        return original(self, role_name, assume_role_policy_document, *rest, **named)

    return create_role


PATCHES = (
    Patch(
        owner=IAMBackend,
        name="delete_policy",
        parameters="self, policy_arn",
        around=_first(entities.require_unattached),
    ),
    Patch(
        owner=IAMBackend,
        name="delete_user",
        parameters="self, user_name",
        around=_first(entities.require_idle_user),
    ),
    Patch(
        owner=IAMBackend,
        name="delete_group",
        parameters="self, group_name",
        around=_first(entities.require_idle_group),
    ),
    Patch(
        owner=IAMBackend,
        name="update_assume_role_policy",
        parameters="self, role_name, policy_document",
        around=_update_trust,
    ),
    Patch(
        owner=IAMBackend,
        name="create_role",
        parameters=(
            "self, role_name, assume_role_policy_document, path, permissions_boundary, "
            "description, tags, max_session_duration, linked_service"
        ),
        around=_create_role,
    ),
    *(
        Patch(owner=IAMBackend, name=name, parameters=f"self, policy_arn{more}", around=providing)
        for name, more in (
            ("attach_role_policy", ", role_name"),
            ("attach_user_policy", ", user_name"),
            ("attach_group_policy", ", group_name"),
            ("get_policy", ""),
            ("list_policy_versions", ""),
        )
    ),
    operation(IamResponse, "simulate_principal_policy", simulator.simulate_principal_policy, is_added=True),
    operation(IamResponse, "simulate_custom_policy", simulator.simulate_custom_policy, is_added=True),
    operation(
        IamResponse,
        "get_context_keys_for_principal_policy",
        simulator.get_context_keys_for_principal_policy,
        is_added=True,
    ),
    operation(
        IamResponse,
        "get_context_keys_for_custom_policy",
        simulator.get_context_keys_for_custom_policy,
        is_added=True,
    ),
)
