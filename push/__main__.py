"""The push process: `python -m push`, on $PUSH_PORT; a keeper starts it again whenever it dies."""

import asyncio
import os
import resource
import signal
import sys

import uvloop

from backend.foundation.keeper import keep
from backend.foundation.logging import log, write_structured_logs
from backend.settings import read_settings
from backend.zhongkao.board.boards import Boards
from push.fan_out import FanOut
from push.phones import Phone

FILES_FOR_OTHER_THINGS = 100
BACKLOG = 4096
MOST_PHONES = 20_000


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings(os.environ)
    write_structured_logs()
    hall = FanOut(Boards(settings.board), settings.keys.tokens, settings.public_url, most_phones())
    uvloop.run(serve(hall, os.environ.get("PUSH_HOST", "127.0.0.1"), int(os.environ["PUSH_PORT"])))


def most_phones() -> int:
    """How many connections this process takes: as many as it may have files open, 20,000 at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return MOST_PHONES if hard == resource.RLIM_INFINITY else min(MOST_PHONES, hard - FILES_FOR_OTHER_THINGS)


async def serve(hall: FanOut, host: str, port: int) -> None:
    """Listen, go round, and say goodbye at the end."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    server = await loop.create_server(lambda: Phone(hall), host, port, backlog=BACKLOG)
    going_round = asyncio.create_task(hall.work())
    log(__name__).info("listens", port=port, places=hall.most)
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait([going_round, waiting], return_when=asyncio.FIRST_COMPLETED)
    server.close()
    hall.say_goodbye()
    going_round.cancel()
    await asyncio.sleep(0.2)
    if not stopped.is_set():
        going_round.result()


if __name__ == "__main__":
    if "--once" in sys.argv:
        main()
    else:
        keep([sys.executable, "-m", "push", "--once"])
