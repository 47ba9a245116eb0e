"""A site of the simulated city in a thread of this process, for tests and for the driver."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.loopback import HOST, Site

ROUNDS_AT_THE_END = 3
STARTS_WITHIN_SECONDS = 10


@contextmanager
def serving(site: Site, port: int = 0) -> Iterator[str]:
    """The site in a thread of this process; gives its address and stops it at the end."""
    loop = asyncio.new_event_loop()
    ready: list[asyncio.Server] = []
    is_up = threading.Event()

    async def begin() -> None:
        ready.append(await site.start(port))
        is_up.set()

    def work() -> None:
        loop.run_until_complete(begin())
        loop.run_forever()

    thread = threading.Thread(target=work, name=site.name, daemon=True)
    thread.start()
    if not is_up.wait(STARTS_WITHIN_SECONDS):
        raise RuntimeError(f"{site.name} did not start")
    try:
        yield f"http://{HOST}:{ready[0].sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(ready[0]), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Close the server and whatever still runs, in rounds: a connection just taken begins its work a round later."""
    server.close()
    for _ in range(ROUNDS_AT_THE_END):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.005)
