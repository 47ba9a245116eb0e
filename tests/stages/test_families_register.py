"""A child is registered: consent first, particulars checked, one child one place in the house (A18, A22)."""

from datetime import date

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.families.consent_texts import consent_texts, text_in_force, text_with
from backend.families.give_consent import GivenConsent
from backend.families.people import child_person, particulars_of, people_of
from backend.families.queries import children_of, consented_at, guardians_of
from backend.families.refusals import (
    ChildHasGuardian,
    ConsentMissing,
    ConsentOutdated,
    ParticularsWrong,
    TooManyChildren,
)
from backend.families.register_child import MOST_CHILDREN, register_child
from backend.families.rows import Child, Consent
from backend.foundation.audit import AuditRow
from backend.foundation.crypto import SealBroken, shred
from backend.foundation.database import db
from tests.families_builders import consents, guardian, id_number, registered, renewed, written


def test_a_registered_child_stands_with_a_consent_per_purpose_and_a_guardian(app) -> None:
    actor, child = registered()
    given = db.session.execute(select(Consent).where(Consent.child_id == child.id).order_by(Consent.id)).scalars().all()
    assert [row.purpose for row in given] == ["enrolment", "departments", "records"]
    assert [row.text_sha256 for row in given] == [text_in_force(row.purpose).sha256 for row in given]
    assert guardians_of(child.id) == [actor.account_id]
    assert consented_at(child.id, "departments") == given[1].at
    assert actor.may("child.read") is not None


@pytest.mark.parametrize("purpose", ["enrolment", "departments", "records"])
def test_without_one_of_the_consents_nothing_is_written_down(app, purpose: str) -> None:
    """个保法 §31: the guardian's consent first."""
    given = [consent for consent in consents() if consent.purpose != purpose]
    with pytest.raises(ConsentMissing) as refused:
        register_child(guardian(), written(), "mother", given)
    assert [error["code"] for error in refused.value.errors] == [purpose]
    assert db.session.execute(select(func.count()).select_from(Child)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(Consent)).scalar_one() == 0


def test_a_consent_to_another_text_than_the_one_in_force_does_not_count(app) -> None:
    given = [*consents()[1:], GivenConsent("enrolment", "0" * 64)]
    with pytest.raises(ConsentOutdated):
        register_child(guardian(), written(), "mother", given)


def test_the_database_itself_knows_no_child_without_its_consents(app) -> None:
    _, child = registered()
    with pytest.raises(IntegrityError, match="consent"), db.session.begin_nested():
        db.session.execute(text("UPDATE child SET records_consent_id = 999999999 WHERE id = :id"), {"id": child.id})


def test_a_consent_is_never_changed_afterwards(app) -> None:
    registered()
    with pytest.raises(DBAPIError, match="never changed"), db.session.begin_nested():
        db.session.execute(text("UPDATE consent SET purpose = 'other'"))


def test_every_text_offers_the_refusal_and_is_found_again_by_its_digest() -> None:
    """儿童个人信息网络保护规定: a refuse option is offered together with the consent."""
    for told in consent_texts():
        assert "不同意" in told.text
        assert text_with(told.sha256) == told


def test_the_same_child_again_by_the_same_guardian_is_the_same_child(app) -> None:
    actor, number = guardian(), id_number()
    first = register_child(actor, written(id_number=number), "mother", consents())
    again = register_child(actor, written(id_number=number.lower(), name="别名"), "mother", consents())
    assert again.id == first.id
    assert len(children_of(actor.account_id)) == 1


def test_a_child_of_another_guardian_is_refused_and_can_be_claimed(app) -> None:
    number = id_number()
    registered(id_number=number)
    with pytest.raises(ChildHasGuardian):
        register_child(guardian(), written(id_number=number), "father", consents())


def test_an_account_cares_for_ten_children_and_not_for_eleven(app) -> None:
    """Up to ten children on one account (domain 2.4)."""
    actor = guardian()
    for _ in range(MOST_CHILDREN):
        register_child(actor, written(), "other", consents())
    with pytest.raises(TooManyChildren):
        register_child(actor, written(), "other", consents())


def test_a_child_without_a_number_is_known_by_name_birth_and_guardian(app) -> None:
    """T-4.3: type Z without a number, a guardian with one: accepted; without one: refused."""
    number = id_number(date(1990, 1, 1))
    told = {"id_kind": "other", "id_number": None, "born_on": date(2019, 5, 4), "sex": "female"}
    actor, child = registered(**told, guardian_id_number=number)
    assert particulars_of(child)["id_number"] is None
    _, again = registered(renewed(actor), **told, guardian_id_number=number)
    assert again.id == child.id
    with pytest.raises(ParticularsWrong) as refused:
        registered(**told, guardian_id_number=None)
    assert [error["code"] for error in refused.value.errors] == ["guardian-number-missing"]


def test_every_fault_of_what_was_written_is_told_at_once(app) -> None:
    wrong = written(name="", id_number="15060320190504001X", ethnicity="火星", guardian_id_number="1")
    with pytest.raises(ParticularsWrong) as refused:
        register_child(guardian(), wrong, "mother", consents())
    assert {error["pointer"] for error in refused.value.errors} == {
        "/name",
        "/id_number",
        "/ethnicity",
        "/guardian_id_number",
    }


def test_nobody_is_the_guardian_of_himself(app) -> None:
    number = id_number()
    with pytest.raises(ParticularsWrong) as refused:
        registered(id_number=number, guardian_id_number=number)
    assert refused.value.errors[0]["code"] == "guardian-is-child"


def test_people_are_read_together_in_few_statements(app) -> None:
    made = [registered()[1] for _ in range(5)]
    db.session.flush()
    ids = [child.id for child in made]
    del made
    db.session.expunge_all()
    found = db.session.execute(select(Child).where(Child.id.in_(ids))).scalars().all()
    statements = []
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
    people = people_of(found)
    assert {person.guardian_name for person in people.values()} == {"巴特尔"}
    assert people[ids[0]] == child_person(db.session.get_one(Child, ids[0]))
    assert len(statements) <= 6


def test_nothing_of_the_child_lies_in_clear_in_the_database(app) -> None:
    """Promises P11: names and numbers are sealed, and gone once the key is shredded."""
    number = id_number()
    actor, child = registered(id_number=number, name="苏布德")
    for table in ("child", "guardianship", "consent", "audit_row", "task"):
        dumped = db.session.execute(text(f"SELECT string_agg(t::text, ' ') FROM {table} t")).scalar_one() or ""  # noqa: S608  # names of our own tables
        for secret in (number, "苏布德"):
            assert secret not in dumped
            assert secret.encode().hex() not in dumped
    shred(child.id)
    with pytest.raises(SealBroken):
        particulars_of(child)
    assert actor is not None


def test_a_registration_leaves_an_audit_row_without_a_persons_data(app) -> None:
    _, child = registered()
    row = db.session.execute(
        select(AuditRow).where(AuditRow.object_id == str(child.id), AuditRow.action == "child.registered")
    ).scalar_one()
    assert row.facts == {"channel": "phone"}
