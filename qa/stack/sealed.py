"""A botocore session that takes nothing from the environment or the user's files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.session import Session

FILES = frozenset({"config_file", "credentials_file"})


def sealed_session() -> Session:
    """Return a session on botocore's own defaults: no profile, variable, file or model of the user counts."""
    from botocore.configprovider import ConstantProvider  # noqa: PLC0415 - 0.1 s, as in clients
    from botocore.loaders import Loader  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    session = Session(
        session_vars={
            # no name in a file, no variable: the default is all that is left. /dev/null is an empty file
            name: (None, None, os.devnull if name in FILES else default, convert)
            for name, (_, _, default, convert) in Session.SESSION_VARIABLES.items()
        }
    )
    settings = session.get_component("config_store")
    for section in ("s3", "proxies_config"):  # these read variables of their own
        settings.set_config_provider(section, ConstantProvider(None))
    session.register_component(
        "data_loader",  # its default also searches ~/.aws/models
        Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False),
    )
    return session
