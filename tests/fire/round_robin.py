"""The plainest load balancer: each connection goes to the next replica, or past it where nobody answers any more."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Sequence

HOST = "127.0.0.1"
CHUNK = 65_536


@contextlib.asynccontextmanager
async def round_robin(port: int, replicas: Sequence[int]) -> AsyncIterator[None]:
    """Take connections on `port` and hand them to the replicas' ports by turns."""
    turns = itertools.cycle(replicas)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            for _attempt in replicas:
                try:
                    from_replica, to_replica = await asyncio.open_connection(HOST, next(turns))
                except OSError:
                    continue
                with contextlib.closing(to_replica):
                    await asyncio.gather(_pass_on(reader, to_replica), _pass_on(from_replica, writer))
                return

    server = await asyncio.start_server(serve, HOST, port)
    try:
        yield
    finally:
        server.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):  # one of the two hung up: then the other is told
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()
