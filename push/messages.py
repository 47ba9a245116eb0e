"""What a phone is sent: its own standing in one version, built once a unit and band and filled in a phone."""

import json

from backend.zhongkao.board.boards import Seat
from backend.zhongkao.board.reading import View
from backend.zhongkao.board.standing import instant, standing_json

State = tuple[int, int, int, int, int, int, int]
"""What makes a phone's standing: unit, rank, how many are level, how many chose, the lowest inside, own changes, and the
book (times of bands, a pause)."""


def state_of(view: View, position: int) -> State:
    """What the phone at this position would be shown."""
    unit = view.choice[position]
    return (
        unit,
        view.rank[position],
        view.level_with[position],
        view.chosen[unit],
        view.lowest[unit],
        view.changes[position],
        view.front.book,
    )


class Messages:
    """The messages of one version at one time."""

    def __init__(self, view: View, confirmed_at: int, server_time: int) -> None:
        self._view = view
        self._confirmed_at = confirmed_at
        self._server_time = server_time
        self._front = b'{"version":%d,"published_at":"%b",' % (view.version, instant(view.published_at).encode())

    def standing(self, position: int, *, start_over: bool = False) -> bytes:
        """The JSON for the phone at this position; `start_over` where what it has cannot be continued."""
        seat = Seat(self._view, position, self._confirmed_at, self._server_time)
        over = b',"start_over":true' if start_over else b""
        return b'%b"standing":%b%b}' % (self._front, standing_json(seat), over)

    def age(self) -> bytes:
        """For phones whose standing is the same: how old the figures are by now."""
        told = {
            "version": self._view.version,
            "confirmed_at": instant(self._confirmed_at),
            "server_time": instant(self._server_time),
            "age_ms": max(0, self._server_time - self._confirmed_at),
        }
        return json.dumps(told).encode()
