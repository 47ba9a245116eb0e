"""What a phone is sent: its own standing in one version, built once a unit and band and filled in a phone."""

import json
from typing import Any

from backend.zhongkao.board.boards import Seat
from backend.zhongkao.board.reading import View
from backend.zhongkao.board.standing import instant, standing_of

State = tuple[int, int, int, int, int, int]
"""What makes a phone's standing: unit, rank, how many are level, how many chose, the lowest inside, own changes."""
OWN = ("rank", "level_with", "inside", "changes")


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
    )


class Messages:
    """The messages of one version at one time."""

    def __init__(self, view: View, confirmed_at: int, server_time: int) -> None:
        self._view = view
        self._confirmed_at = confirmed_at
        self._server_time = server_time
        self._shared: dict[tuple[int, int], bytes] = {}

    def standing(self, position: int, *, start_over: bool = False) -> bytes:
        """The JSON for the phone at this position; `start_over` where what it has cannot be continued."""
        view = self._view
        unit, band = view.choice[position], view.book.bands[position]
        shared = self._shared.get((unit, band))
        if shared is None:
            shared = self._shared[unit, band] = self._shared_part(position)
        rank = view.rank[position]
        inside = b"true" if 0 < rank <= view.book.units[unit]["plan"] else b"false"
        own = b'%s,"rank":%s,"level_with":%d,"inside":%s,"changes":%d}' % (
            shared,
            b"%d" % rank if rank else b"null",
            view.level_with[position],
            inside,
            view.changes[position],
        )
        return own + (b',"start_over":true}' if start_over else b"}")

    def age(self) -> bytes:
        """For phones whose standing is the same: how old the figures are by now."""
        told = {
            "version": self._view.version,
            "confirmed_at": instant(self._confirmed_at),
            "server_time": instant(self._server_time),
            "age_ms": max(0, self._server_time - self._confirmed_at),
        }
        return json.dumps(told).encode()

    def _shared_part(self, position: int) -> bytes:
        """Everything that two phones of one unit and band have in common, without the closing brackets."""
        standing: dict[str, Any] = standing_of(Seat(self._view, position, self._confirmed_at, self._server_time))
        for name in OWN:
            del standing[name]
        told = {"version": self._view.version, "published_at": instant(self._view.published_at), "standing": standing}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()[:-2]
