"""Calls to services that we do not own go to the address of the settings, and nowhere else."""

import pytest
import requests

from backend.foundation.calls_outside import straight_session
from rehearsal.loopback import Answer, Request, Site
from rehearsal.serving import serving


def test_what_we_send_is_neither_handed_on_nor_shown_to_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def elsewhere(request: Request) -> Answer:
        seen.append(request.path)
        return Answer()

    async def hand_on(_: Request) -> Answer:
        return Answer(status=307, headers={"Location": "/elsewhere"})

    site = Site("moved")
    site.route("POST", "/elsewhere", elsewhere)
    site.route("POST", "/here", hand_on)
    with serving(site) as address, straight_session() as session:
        monkeypatch.setenv("http_proxy", f"{address}/elsewhere")
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(requests.TooManyRedirects):
            session.post(f"{address}/here", data=b"a child", timeout=5)
        assert session.post(f"{address}/elsewhere", data=b"a child", timeout=5).status_code == 200
    assert seen == ["/elsewhere"]
