"""A guardian corrects what was written wrong, withdraws consents and leaves, without anybody's help (promises P23)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from backend.families.close_account import ChildrenInCare, close_account
from backend.families.correct_child import ParticularsFixed, correct_child
from backend.families.export_my_data import export_my_data
from backend.families.forget_child import ChildStillEnrolling, forget_child
from backend.families.people import particulars_of
from backend.families.queries import children_of, open_child
from backend.families.refusals import ChildHasGuardian, ParticularsWrong
from backend.families.register_child import take_into_care
from backend.families.rows import Child, Helper
from backend.families.share_with_helper import share_with_helper
from backend.foundation.crypto import SealBroken
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.accounts import account_by_phone, guardian_by_phone
from backend.identity.rows import Account
from backend.identity.sessions import actor_of as actor_of_token
from backend.identity.sessions import open_session
from tests.families_builders import (
    actor_of,
    bearer,
    born_for_primary,
    guardian,
    id_number,
    new_phone,
    registered,
    renewed,
)


@pytest.fixture
def stands_at(app: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """`stands_at(state)`: every child's application is in this state; None: there is none."""

    def put(state: str | None) -> None:
        told = None if state is None else {"id": "a", "state": state}
        monkeypatch.setitem(current_app.extensions, "registration_of", lambda _: told)

    return put


@pytest.mark.parametrize("name", ["巴特尔", "阿依古丽·买买提", "ᠪᠠᠭᠠᠲᠤᠷ", "娜仁格日勒·孛儿只斤"])
def test_a_guardian_corrects_a_name_of_any_shape_and_the_ethnicity(app, stands_at, name: str) -> None:
    """C24-C26: names with a middle dot and without a family name are names."""
    actor, child = registered()
    for state in (None, "draft", "returned"):
        stands_at(state)
        correct_child(actor, child.id, name, "蒙古")
    assert (particulars_of(child)["name"], particulars_of(child)["ethnicity"]) == (name, "蒙古")


def test_only_what_is_given_changes(app) -> None:
    actor, child = registered()
    before = particulars_of(child)
    correct_child(actor, child.id, None, "回")
    assert particulars_of(child) == {**before, "ethnicity": "回"}


@pytest.mark.parametrize("state", ["submitted", "checking", "in_review", "frozen", "placed", "confirmed"])
def test_nothing_changes_under_the_hands_of_the_office(app, stands_at, state: str) -> None:
    actor, child = registered()
    stands_at(state)
    with pytest.raises(ParticularsFixed):
        correct_child(actor, child.id, "新名字")


def test_every_fault_of_a_correction_is_told_at_once(app) -> None:
    actor, child = registered()
    with pytest.raises(ParticularsWrong) as refused:
        correct_child(actor, child.id, "12", "火星")
    assert [error["pointer"] for error in refused.value.errors] == ["/name", "/ethnicity"]


def test_a_child_without_a_number_is_found_again_by_its_corrected_name(app) -> None:
    """A22: else it could be registered twice."""
    nameless = {"id_kind": "other", "id_number": None, "born_on": born_for_primary(), "sex": "male"}
    same = {**nameless, "guardian_id_number": id_number(date(1990, 5, 4))}
    actor, child = registered(name="旧名", **same)
    _, other = registered(actor, name="新名", **same)
    correct_child(actor, child.id, "第三个名")
    with pytest.raises(ChildHasGuardian):
        correct_child(actor, child.id, "新名")
    assert other.id != child.id


def test_a_helper_neither_corrects_nor_forgets(app) -> None:
    actor, child = registered()
    phone = new_phone()
    share_with_helper(actor, child.id, phone, 30)
    helper = actor_of(guardian_by_phone(phone))
    with pytest.raises(NotFound):
        correct_child(helper, child.id, "新名字")
    with pytest.raises(NotFound):
        forget_child(helper, child.id)


@pytest.mark.parametrize("state", [None, "withdrawn"])
def test_a_forgotten_child_cannot_be_read_by_anybody(app, stands_at, state: str | None) -> None:
    """个保法 §15, §47: what was sealed for the child stays unreadable, and the same child may be registered anew."""
    actor, child = registered(name="王小明")
    sealed, number = child.person_sealed, particulars_of(child)["id_number"]
    share_with_helper(actor, child.id, new_phone(), 30)
    stands_at(state)
    forget_child(actor, child.id)
    child.person_sealed, tombstone = sealed, child.person_sealed
    with pytest.raises(SealBroken):
        particulars_of(child)
    child.person_sealed = tombstone
    assert particulars_of(child)["name"] == "已删除"
    assert children_of(actor.account_id) == []
    assert "王小明" not in str(export_my_data(actor))
    assert db.session.execute(select(Helper.ended_at).where(Helper.child_id == child.id)).scalar_one() is not None
    with pytest.raises(NotFound):
        open_child(renewed(actor), child.id, "child.read")
    _, again = registered(actor, id_number=number)
    assert again.id != child.id


@pytest.mark.parametrize("state", ["draft", "submitted", "placed", "confirmed", "recorded"])
def test_an_application_is_withdrawn_first_and_a_result_is_kept(app, stands_at, state: str) -> None:
    actor, child = registered()
    stands_at(state)
    with pytest.raises(ChildStillEnrolling):
        forget_child(actor, child.id)
    assert particulars_of(child)["name"]


def test_what_one_guardian_leaves_the_other_keeps(app, stands_at) -> None:
    actor, child = registered()
    second = guardian()
    take_into_care(child.id, second.account_id, "father", "李四", None)
    stands_at("placed")
    forget_child(actor, child.id)
    assert particulars_of(child)["name"] != "已删除"
    assert [kept.id for kept, _ in children_of(second.account_id)] == [child.id]
    assert children_of(actor.account_id) == []


def test_an_account_without_children_is_closed_for_ever(app, stands_at) -> None:
    phone = new_phone()
    actor, child = registered(actor_of(guardian_by_phone(phone)))
    token = open_session(db.session.get_one(Account, actor.account_id))
    with pytest.raises(ChildrenInCare):
        close_account(actor)
    forget_child(actor, child.id)
    close_account(actor)
    assert account_by_phone(phone) is None
    assert actor_of_token(token) is None
    assert guardian_by_phone(phone).id != actor.account_id


def test_the_doors_of_ones_own_data(app) -> None:
    actor, child = registered()
    client = app.test_client()
    told = client.put(f"/api/children/{child.id}/particulars", json={"name": "乌兰"}, headers=bearer(actor))
    assert (told.status_code, told.json["name"], told.json["ethnicity"]) == (200, "乌兰", "蒙古")
    assert client.delete("/api/me", headers=bearer(actor)).json["code"] == "children-in-care"
    assert client.post(f"/api/children/{child.id}/forgetting", headers=bearer(actor)).status_code == 204
    assert client.delete("/api/me", headers=bearer(actor)).status_code == 204
    db.session.expire_all()
    assert particulars_of(db.session.get_one(Child, child.id))["name"] == "已删除"
