"""The embedded AWS as an HTTP server of one process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    create_backend_app,
)

from qa.errors import UsageError

from . import patches, server_patches
from .access import patches as access
from .connections import Limits, Listener
from .control.routes import ControlRoutes
from .dynamodb import record_throttle
from .guard import Guard
from .inside import Inside
from .middleware import Front
from .services import SERVICES
from .world import World

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from werkzeug.serving import BaseWSGIServer

    from .request import RequestTarget
    from .settings import Settings

SCRATCH_PREFIX = "qa-embedded-"
POLL_EVERY = 0.02
"""How often a port looks whether it is to end; with the 0.5 s of Python an end waits up to a second."""


class Server:
    """One embedded AWS, listening on two loopback ports from `start` to `close`.

    moto keeps its state in the process, so there is one Server per process at a time.
    """

    def __init__(self, settings: Settings) -> None:
        self.world = World(settings=settings, scratch=Path(), services=SERVICES)
        self._ports: list[BaseWSGIServer] = []
        self._serves = False

    def start(self) -> None:
        """Hook moto, bind both ports and serve on threads. Raises UsageError for a port in use."""
        remove_dead_scratch()
        self.world.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{os.getpid()}-"))
        settings = self.world.settings
        control = ControlRoutes(self.world)
        front = Front(
            DomainDispatcherApplication(create_backend_app),
            self.world,
            control=control,
            bucket_region=self._bucket_region,
            on_throttle=self._on_throttle,
        )
        app = Guard(front, allowed_origins=settings.allowed_origins)
        self.world.add(Inside(front.inside, self.world))
        secure = _bind(_marked(app, secure="true"), settings.port)
        self._ports.append(secure)
        insecure = _bind(_marked(app, secure="false"), settings.insecure_port)
        self._ports.append(insecure)
        self.world.endpoint = f"http://127.0.0.1:{secure.server_port}"
        self.world.insecure_endpoint = f"http://127.0.0.1:{insecure.server_port}"
        access.install(self.world)
        for service in self.world.services:
            service.install(self.world)
        # last: operations that the services add to moto's classes have to be there
        self.world.on_close(patches.apply(server_patches.PATCHES, self.world))
        for port in self._ports:
            threading.Thread(
                target=port.serve_forever, args=(POLL_EVERY,), name="qa-port", daemon=True
            ).start()
        self._serves = True

    def close(self) -> None:
        """Stop serving, end every function and thread, remove the scratch folder."""
        for port in self._ports:
            if self._serves:
                port.shutdown()  # waits for ever for one that never served
            port.server_close()
        self._ports.clear()
        self._serves = False
        self.world.close()
        shutil.rmtree(self.world.scratch, ignore_errors=True)

    def _bucket_region(self, bucket: str) -> str | None:
        found = get_backend("s3")[self.world.account_id]["aws"].buckets.get(bucket)
        return None if found is None else str(found.region_name)

    def _on_throttle(self, target: RequestTarget, body: bytes) -> None:
        if target.service != "dynamodb" or target.operation is None:
            return
        request = json.loads(body or b"{}")
        for table_name in (
            [request["TableName"]] if "TableName" in request else list(request.get("RequestItems", {}))
        ):
            record_throttle(self.world, target.region, target.operation, table_name)


def remove_dead_scratch() -> None:
    """Remove the scratch folders of servers that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*"):
        pid = folder.name.removeprefix(SCRATCH_PREFIX).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True


def _bind(app: WSGIApplication, port: int) -> BaseWSGIServer:
    if not 0 <= port <= 65535:  # the system would take it modulo 65536
        raise UsageError(f"port {port} is none: ports go to 65535, and 0 takes a free one.")
    try:
        # werkzeug would print and exit the process for a port in use
        socket.create_server(("127.0.0.1", port)).close()
        return Listener("127.0.0.1", port, app, Limits())
    except (OSError, SystemExit) as taken:
        reason = os.strerror(taken.errno) if isinstance(taken, OSError) and taken.errno else "it is in use"
        raise UsageError(
            f"port {port} on 127.0.0.1 cannot be listened on: {reason}. Leave the port out to take a "
            "free one."
        ) from taken


def _marked(app: WSGIApplication, *, secure: str) -> WSGIApplication:
    def marked(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        environ["qa.secure_transport"] = secure
        return app(environ, start_response)

    return marked
