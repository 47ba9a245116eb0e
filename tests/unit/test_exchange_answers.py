"""The simulated departments' exchange: signed both ways, consistent with the city, slow and broken on command."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from rehearsal.departments import Registers
from rehearsal.exchange import Exchange
from rehearsal.faults import Weather, faults_from
from rehearsal.population import Spec, write_city
from rehearsal.serving import serving
from rehearsal.signatures import NonceMemory, sign

CLIENT, KEY = "sunroll", "a key that only the exchange and Sunroll know"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(Spec("exchange", 80), folder)
    return folder


@pytest.fixture
def address(city: Path) -> Iterator[str]:
    registers = Registers(city)
    with serving(Exchange(registers, {CLIENT: KEY}, Weather("exchange")).site) as address:
        yield address
    registers.close()


def families(city: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (city / "families.jsonl").read_text(encoding="utf-8").splitlines()]


def headers_for(
    path: str, body: bytes, *, age_s: float = 0, key: str = KEY, nonce: str | None = None
) -> dict[str, str]:
    timestamp = str(int((time.time() - age_s) * 1000))
    nonce = nonce or uuid.uuid4().hex
    return {
        "X-Client-Id": CLIENT,
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": sign(key, CLIENT, timestamp, nonce, path, body),
    }


def question(**keys: Any) -> bytes:
    return json.dumps(
        {
            "request_id": "r-1",
            "purpose": "school admission",
            "basis": "consent",
            "consented_at": "2027-05-11T08:00:00+08:00",
            "operator": "system",
            "keys": keys,
        }
    ).encode()


def token_of(address: str) -> dict[str, str]:
    """The header with a token fetched by the client's key."""
    told = requests.post(f"{address}/token", data=b"{}", headers=headers_for("/token", b"{}"), timeout=10).json()
    return {"X-Token": told["token"]}


def ask(address: str, item: str, **keys: Any) -> requests.Response:
    path, body = f"/query/{item}", question(**keys)
    headers = headers_for(path, body) | token_of(address)
    return requests.post(address + path, data=body, headers=headers, timeout=10)


def test_all_departments_confirm_what_the_matching_family_wrote(address: str, city: Path) -> None:
    family = families(city)[0]
    child, form = family["children"][0], family["form"]
    person = ask(address, "police/population", id_number=child["id_number"]).json()["record"]
    assert {name: person[name] for name in ("name", "sex", "ethnicity", "born_on")} == {
        name: child[name] for name in ("name", "sex", "ethnicity", "born_on")
    }
    book = ask(address, "police/household", id_number=child["id_number"]).json()["record"]
    assert set(book) == {"household_number", "address", "unit_code", "kind", "moved_in_on", "moved_in_reason"}
    assert (book["household_number"], book["unit_code"], book["moved_in_on"]) == (
        form["household_number"],
        form["household_unit"],
        form["registered_on"],
    )
    home = ask(
        address,
        "land/property",
        owner_id_number=family["guardian"]["id_number"],
        certificate=form["home"]["certificate"],
    ).json()["record"]
    assert (home["use"], home["unit_code"], home["owners"]) == (
        form["home"]["use"],
        form["unit_code"],
        [family["guardian"]["name"]],
    )


def test_the_relation_of_a_child_to_the_guardian_is_answered_from_one_book(address: str, city: Path) -> None:
    family = families(city)[0]
    told = ask(
        address,
        "police/household_relation",
        child_id_number=family["children"][0]["id_number"],
        adult_id_number=family["guardian"]["id_number"],
    ).json()["record"]
    assert told["same_household"] is True
    assert told["relation"] in ("父子", "父女")


def test_a_mismatching_family_gets_the_departments_own_data_and_no_verdict(address: str, city: Path) -> None:
    """P19: the exchange tells what it holds; whether that is a mismatch is for the service to find."""
    family = families(city)[1]
    record = ask(address, "police/household", id_number=family["children"][0]["id_number"]).json()["record"]
    assert record["household_number"] != family["form"]["household_number"]
    assert "verdict" not in record


def test_a_stranger_is_not_found_and_has_no_house(address: str) -> None:
    told = ask(address, "police/population", id_number="110105194912310021").json()
    assert told["found"] is False
    assert told["record"] is None
    assert ask(address, "land/no_house", id_numbers=["110105194912310021"]).json()["record"]["none"] is True


def test_who_owns_a_home_is_told_so_by_the_no_house_question(address: str, city: Path) -> None:
    """C06e."""
    guardian = families(city)[0]["guardian"]["id_number"]
    record = ask(address, "land/no_house", id_numbers=[guardian]).json()["record"]
    assert record["none"] is False
    assert record["homes"][0]["owner_id_number"] == guardian


def test_work_is_answered_by_insurance_and_business_registers(address: str, city: Path) -> None:
    """C06f, C06g."""
    insured = next(f for f in families(city) if f["form"]["work"]["kind"] == "insured")
    told = ask(address, "labour/social_insurance", id_number=insured["guardian"]["id_number"]).json()
    assert set(told["record"]) == {"months", "first_month", "last_month", "status", "back_paid"}
    trader = next(f for f in families(city) if f["form"]["work"]["kind"] == "business")
    told = ask(address, "market/business", id_number=trader["guardian"]["id_number"]).json()
    assert set(told["record"]) == {"credit_code", "name", "address", "founded_on", "state"}


def test_the_answer_is_signed_over_its_body_and_bound_to_the_question(address: str) -> None:
    answer = ask(address, "police/population", id_number="1")
    told = answer.headers
    nonce = answer.request.headers["X-Nonce"]
    assert told["X-Nonce"] == nonce
    wanted = sign(KEY, CLIENT, told["X-Timestamp"], str(nonce), "/query/police/population", answer.content)
    assert told["X-Signature"] == wanted


@pytest.mark.parametrize("age_s", [601, -601, 86400])
def test_a_question_older_or_newer_than_ten_minutes_is_refused(address: str, age_s: float) -> None:
    path, body = "/query/police/population", question(id_number="1")
    answer = requests.post(address + path, data=body, headers=headers_for(path, body, age_s=age_s), timeout=10)
    assert answer.status_code == 401
    assert "ten minutes" in answer.json()["error"]


def test_a_question_with_a_wrong_signature_is_refused_and_counted(address: str) -> None:
    path, body = "/query/police/population", question(id_number="1")
    forged = requests.post(address + path, data=body, headers=headers_for(path, body, key="another"), timeout=10)
    assert forged.status_code == 401
    elsewhere = headers_for("/query/land/property", body)
    assert requests.post(address + path, data=body, headers=elsewhere, timeout=10).status_code == 401
    changed = headers_for(path, body)
    assert requests.post(address + path, data=body + b" ", headers=changed, timeout=10).status_code == 401
    assert requests.post(address + path, data=body, timeout=10).status_code == 401
    assert requests.get(f"{address}/figures", timeout=10).json()["bad_signatures"] == 4


def test_a_question_sent_again_is_refused_as_a_replay(address: str) -> None:
    path, body = "/query/police/population", question(id_number="1")
    headers = headers_for(path, body) | token_of(address)
    assert requests.post(address + path, data=body, headers=headers, timeout=10).status_code == 200
    again = requests.post(address + path, data=body, headers=headers, timeout=10)
    assert again.status_code == 401
    assert "nonce" in again.json()["error"]


def test_old_nonces_are_forgotten_only_after_their_time() -> None:
    memory = NonceMemory()
    assert memory.is_new("c", "n", 0.0)
    assert not memory.is_new("c", "n", 1100.0)
    assert memory.is_new("c", "n", 1300.0)


def test_a_question_that_lacks_something_is_told_what(address: str) -> None:
    answer = ask(address, "police/household_relation", child_id_number="1")
    assert answer.status_code == 400
    assert "adult_id_number" in answer.json()["error"]
    path, body = "/query/police/population", b"{}"
    headers = headers_for(path, body) | token_of(address)
    answer = requests.post(address + path, data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert "request_id" in answer.json()["error"]
    assert ask(address, "police/horoscope", id_number="1").status_code == 404


def control(address: str, **faults: Any) -> requests.Response:
    return requests.post(f"{address}/control", json=faults, timeout=10)


def test_an_outage_answers_503_for_its_department_alone_and_ends(address: str) -> None:
    control(address, outages=[{"name": "land", "lasts_s": 0.6}])
    assert ask(address, "land/property", owner_id_number="1").status_code == 503
    assert ask(address, "police/population", id_number="1").status_code == 200
    time.sleep(0.7)
    assert ask(address, "land/property", owner_id_number="1").status_code == 200


def test_a_used_up_quota_answers_429_with_the_seconds_to_wait(address: str) -> None:
    control(address, quota={"police": 2})
    codes = [ask(address, "police/population", id_number="1").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert 0 < int(ask(address, "police/population", id_number="1").headers["Retry-After"]) <= 86401


def test_slow_and_hanging_departments_keep_the_caller_waiting(address: str) -> None:
    control(address, latency_ms={"police": [200, 200]})
    began = time.monotonic()
    ask(address, "police/population", id_number="1")
    assert time.monotonic() - began >= 0.2
    control(address, hang_rate={"land": 1}, hang_s=5)
    token = token_of(address)
    path, body = "/query/land/property", question(owner_id_number="1")
    with pytest.raises(requests.Timeout):
        requests.post(address + path, data=body, headers=headers_for(path, body) | token, timeout=0.3)


def test_errors_come_about_as_often_as_asked_for_and_are_counted(address: str) -> None:
    control(address, error_rate={"market": 0.5})
    codes = [ask(address, "market/business", id_number="1").status_code for _ in range(60)]
    assert 10 < codes.count(503) < 50
    told = requests.get(f"{address}/figures", timeout=10).json()["items"]["market/business"]
    assert told["asked"] == 60
    assert told["unavailable"] == codes.count(503)
    assert told["not_found"] == codes.count(200)


def test_faults_that_make_no_sense_are_refused_and_change_nothing(address: str) -> None:
    for wrong in (
        {"luck": 1},
        {"error_rate": {"land": 2}},
        {"latency_ms": {"land": [5]}},
        {"outages": [{"name": "x"}]},
    ):
        assert control(address, **wrong).status_code == 400
    assert requests.get(f"{address}/control", timeout=10).json()["error_rate"] == {}


def test_a_changed_faults_file_is_taken_in_and_a_broken_one_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps({"exchange": {"clock_offset_s": 90}}))
    weather = Weather("exchange", file)
    assert weather.faults.clock_offset_s == 90
    file.write_text("{")
    time.sleep(0.6)
    assert weather.faults.clock_offset_s == 90
    file.write_text(json.dumps({"exchange": {"clock_offset_s": 7, "hang_s": 1}}))
    time.sleep(0.6)
    assert weather.faults.clock_offset_s == 7


def test_an_outage_of_everything_holds_for_every_name() -> None:
    weather = Weather("exchange")
    weather.change(faults_from({"outages": [{"name": "*", "lasts_s": 60}]}))
    assert weather.is_out("land")
    assert weather.is_out("police")
