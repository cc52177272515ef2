"""What the server itself patches of moto: its resets, its tracking of instances, its way to an operation."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import moto.backends
import moto.core.responses
import moto.iam.models
import moto.sqs.models
from moto.core.common_models import BaseModel
from moto.core.routing import GreedyLabelConverter, ImplicitGreedyLabelConverter
from moto.moto_api._internal.models import MotoAPIBackend
from moto.moto_server import werkzeug_app
from moto.moto_server.utilities import RegexConverter
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from .patches import Patch, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import World


def _reset(original: Callable[..., None], world: World) -> Callable[..., None]:
    def reset(self: MotoAPIBackend) -> None:
        original(self)
        world.reset()

    return reset


def _untracked(_: Callable[..., Any], _world: World) -> Callable[..., Any]:
    # moto's keeps a reference to each instance: 20,000 puts keep 20,000 items
    return lambda cls, *_args, **_kwargs: object.__new__(cls)


def _modules(original: Callable[[], Any], _: World) -> Callable[[], frozenset[str]]:
    # moto lists its folder, some 200 calls of stat, for every request
    modules = frozenset(original())
    return lambda: modules


def _methods(original: Callable[[type], list[str]], _: World) -> Callable[[type], frozenset[str]]:
    # moto inspects the whole response class for every request
    return cache(lambda clazz: frozenset(original(clazz)))


def _in_snake_case(original: Callable[[str], str], _: World) -> Callable[[str], str]:
    return lru_cache(maxsize=4096)(original)


def _backends_by_host(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    # moto tries some 300 patterns on each host
    return lru_cache(maxsize=512)(original)


def _one_account(_: Callable[[str], str], world: World) -> Callable[[str], str]:
    # moto looks for the key in every partition of every account
    return lambda _access_key: world.account_id


def _any_character(pattern: str) -> str:
    # a key of S3 may hold line breaks
    return f"(?s:{pattern})"


def _with_line_breaks(original: Callable[..., None], _: World) -> Callable[..., None]:
    def init(self: RegexConverter, *args: Any) -> None:
        original(self, *args)
        self.regex = _any_character(self.regex)

    return init


PATCHES = (
    Patch(
        owner=moto.core.responses,
        name="camelcase_to_underscores",
        parameters="argument",
        around=_in_snake_case,
    ),
    Patch(
        owner=moto.sqs.models, name="camelcase_to_underscores", parameters="argument", around=_in_snake_case
    ),
    Patch(
        owner=DomainDispatcherApplication,
        name="get_backend_for_host",
        parameters="self, host",
        around=_backends_by_host,
    ),
    Patch(owner=moto.iam.models, name="get_account_id_from", parameters="access_key", around=_one_account),
    value(GreedyLabelConverter, "regex", _any_character),
    value(ImplicitGreedyLabelConverter, "regex", _any_character),
    Patch(owner=RegexConverter, name="__init__", parameters="self, url_map, items", around=_with_line_breaks),
    # moto's own would let any web page read every answer; the Guard knows who may
    value(werkzeug_app, "DISABLE_GLOBAL_CORS", lambda _: True),
    Patch(owner=MotoAPIBackend, name="reset", parameters="self", around=_reset),
    Patch(owner=BaseModel, name="__new__", parameters="cls, args, kwargs", around=_untracked),
    Patch(owner=moto.backends, name="list_of_moto_modules", parameters="", around=_modules),
    Patch(owner=moto.core.responses, name="method_names_from_class", parameters="clazz", around=_methods),
)
