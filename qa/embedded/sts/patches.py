"""What of moto's STS is patched: the administrator has a name there too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.sts.responses import TokenResponse

from qa.embedded.access.enforcement import world_of_request
from qa.embedded.judge.callers import ADMINISTRATOR_NAME
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World


def _get_caller_identity(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def get_caller_identity(self: TokenResponse) -> Any:
        world = world_of_request()
        caller = None if world is None else world.authorizer.current()
        if world is None or caller is None or not caller.is_administrator:
            return original(self)
        user_id = f"AIDAQA{ADMINISTRATOR_NAME.upper()}"
        return ActionResult({"UserId": user_id, "Account": world.account_id, "Arn": caller.arn})

    return get_caller_identity


PATCHES = (
    Patch(owner=TokenResponse, name="get_caller_identity", parameters="self", around=_get_caller_identity),
)
