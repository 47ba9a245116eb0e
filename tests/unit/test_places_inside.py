"""Pages give way to the door: few are let in while the loop is late, all of them again once it is in time."""

import asyncio

from door_client import in_a_loop_of_its_own

from backend.foundation.places_inside import FEWEST, LATE, PlacesInside


def test_a_late_loop_lets_fewer_in_and_one_in_time_all_of_them_again() -> None:
    places = PlacesInside(32)
    seen = []
    for late in [2 * LATE] * 6 + [0.0] * 40:
        places.heard(late)
        seen.append(places.limit)
    assert seen[:6] == [16, 8, 4, 2, FEWEST, FEWEST]
    assert seen[6:10] == [3, 4, 5, 6]
    assert (max(seen), seen[-1]) == (32, 32)


def test_where_one_is_allowed_a_late_loop_allows_one() -> None:
    places = PlacesInside(1)
    places.heard(1.0)
    assert places.limit == 1


def test_whoever_finds_no_place_comes_in_the_order_of_asking() -> None:
    places, order, inside = PlacesInside(2), list[int](), list[int]()

    async def visit(who: int) -> None:
        async with places:
            order.append(who)
            inside.append(who)
            assert len(inside) <= 2
            await asyncio.sleep(0.001 * (5 - who))
            inside.remove(who)

    async def all_of_them() -> None:
        await asyncio.gather(*(visit(who) for who in range(5)))

    in_a_loop_of_its_own(all_of_them())
    assert order == [0, 1, 2, 3, 4]


def test_who_went_away_while_waiting_takes_no_place() -> None:
    places = PlacesInside(1)

    async def hold(until: asyncio.Event) -> str:
        async with places:
            await until.wait()
            return "was in"

    async def one_goes() -> list[object]:
        done = asyncio.Event()
        held, gone, last = (asyncio.create_task(hold(done)) for _ in range(3))
        await asyncio.sleep(0)
        gone.cancel()
        done.set()
        return await asyncio.gather(held, gone, last, return_exceptions=True)

    first, second, third = in_a_loop_of_its_own(one_goes())
    assert (first, type(second), third) == ("was in", asyncio.CancelledError, "was in")


def test_the_pulse_of_a_loop_that_is_kept_busy_is_heard() -> None:
    """The loop is held for longer than a beat may be late; the next beats find it free."""
    places = PlacesInside(32)

    async def busy_then_free() -> tuple[int, int]:
        async with places:
            await asyncio.sleep(0.01)
            _compute_for(0.2)
            await asyncio.sleep(0.01)
            least = places.limit
        while places.limit < 32:  # noqa: ASYNC110  # it is the pulse itself that is waited for
            await asyncio.sleep(0.05)
        return least, places.limit

    least, most = in_a_loop_of_its_own(busy_then_free())
    assert (least < 32, most) == (True, 32)


def _compute_for(seconds: float) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        pass
