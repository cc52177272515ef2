"""A TCP proxy on this machine's loopback that hands on each HTTP request late, as a far endpoint would."""

from __future__ import annotations

import asyncio
import threading
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

HOST = "127.0.0.1"
LONGEST_HEAD = 1024 * 1024
CHUNK = 64 * 1024
GONE = (ConnectionError, asyncio.IncompleteReadError)
"""How a side says that it goes: its connection ends, perhaps in the middle of a request."""


@dataclass(slots=True, kw_only=True)
class DelayingProxy:
    """Where the proxy listens, and how it lets a request wait."""

    url: str = ""
    pause: Callable[[], Awaitable[None]]
    _connections: set[asyncio.Task[None]] = field(default_factory=set)


def delaying_proxy(*, to_port: int, seconds: float) -> AbstractContextManager[DelayingProxy]:
    """Serve inside the block, and let each request wait for so many seconds, as `pausing_proxy` says."""
    return pausing_proxy(to_port=to_port, pause=partial(asyncio.sleep, seconds))


@contextmanager
def pausing_proxy(*, to_port: int, pause: Callable[[], Awaitable[None]]) -> Iterator[DelayingProxy]:
    """Serve inside the block, on a thread of its own, in front of a server on this machine.

    Each request waits for a pause before its first byte is handed on, also on a connection that is kept
    alive. No byte is changed: what the server says of hosts and signatures holds for the proxy's URL.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="delaying-proxy")
    thread.start()
    try:
        proxy = DelayingProxy(pause=pause)
        serving = _serve(proxy, to_port=to_port)
        server = asyncio.run_coroutine_threadsafe(serving, loop).result()
        try:
            yield proxy
        finally:
            asyncio.run_coroutine_threadsafe(_close(proxy, server), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(proxy: DelayingProxy, *, to_port: int) -> asyncio.Server:
    async def connected(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - streams run their callback as a task
        proxy._connections.add(task)
        task.add_done_callback(proxy._connections.discard)
        try:
            with suppress(*GONE, asyncio.CancelledError):
                await _relay(proxy, client, answers, to_port=to_port)
        finally:
            answers.close()

    server = await asyncio.start_server(connected, HOST, 0, limit=LONGEST_HEAD)
    proxy.url = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    return server


async def _close(proxy: DelayingProxy, server: asyncio.Server) -> None:
    server.close()
    connections = tuple(proxy._connections)
    for connection in connections:
        connection.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    await server.wait_closed()


async def _relay(
    proxy: DelayingProxy,
    client: asyncio.StreamReader,
    answers: asyncio.StreamWriter,
    *,
    to_port: int,
) -> None:
    """Carry one connection: requests with their delay, answers as they come, until either side ends it."""
    server, requests = await asyncio.open_connection(HOST, to_port)
    back = asyncio.create_task(_pipe(server, answers))
    try:
        while head := await _head(client):
            await proxy.pause()
            requests.write(head)
            # the head alone: a client that expects "100 Continue" sends no body before the server says so
            await requests.drain()
            async for part in _body(client, head):
                requests.write(part)
                await requests.drain()
        requests.write_eof()
        await back
    finally:
        # closed before anything is awaited: the proxy's own end may cut the waiting short
        back.cancel()
        requests.close()
        answers.close()
        ends = (back, requests.wait_closed(), answers.wait_closed())
        await asyncio.gather(*ends, return_exceptions=True)


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(*GONE):
        while part := await source.read(CHUNK):
            sink.write(part)
            await sink.drain()
    sink.close()


async def _head(client: asyncio.StreamReader) -> bytes:
    """Return a request's first line and headers as they came; nothing once the client sends no more."""
    try:
        return await client.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        if ended.partial:
            raise
        return b""


async def _body(client: asyncio.StreamReader, head: bytes) -> AsyncIterator[bytes]:
    """Yield a request's body as it came, in parts."""
    headers = _headers(head)
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        async for part in _chunks(client):
            yield part
        return
    left = int(headers.get(b"content-length", b"0"))
    while left:
        part = await client.read(min(left, CHUNK))
        if not part:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(part)
        yield part


def _headers(head: bytes) -> dict[bytes, bytes]:
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _chunks(client: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield a chunked body: each chunk with the line that tells its size, then what trails the last."""
    size = None
    while size != 0:
        line = await client.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        yield line
        if size:
            yield await client.readexactly(size + 2)
    while (line := await client.readuntil(b"\r\n")) != b"\r\n":
        yield line
    yield line
