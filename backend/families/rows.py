"""Tables of families: children, who cares for them, what was consented to, claims of a second guardian, helpers."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.foundation.database import Numbered, PublicId, Rows
from backend.foundation.ddl import append_only, transitions

CLAIM_STEPS = {"waiting": ("accepted", "disputed", "denied"), "disputed": ("granted", "denied")}


class Consent(Numbered, Rows):
    """A guardian's answer to one purpose: the text's version and digest, by which channel, when (个保法 §29, §31).

    It stands before the child: `child_id` names a child whose row may only follow.
    """

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("child_id", "id"),)

    child_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]
    version: Mapped[int]
    text_sha256: Mapped[str]
    channel: Mapped[str]
    at: Mapped[datetime]


append_only(Consent.__table__)  # type: ignore[arg-type]


def _rests_on(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["id", column], ["consent.child_id", "consent.id"], name=f"fk_child_{column}_consent")


class Child(PublicId, Rows):
    """A child. The sealed person is JSON {name, id_number, born_on, sex, ethnicity}; no child without its consents.

    `known_index` finds the same child again, whoever registers it: by its number, or where it has none by name,
    birth and the guardian's number (A22). From `forgotten_at` on nothing that was sealed for the child can be read.
    """

    __tablename__ = "child"
    __table_args__ = (
        _rests_on("enrolment_consent_id"),
        _rests_on("departments_consent_id"),
        _rests_on("records_consent_id"),
        CheckConstraint("id_kind IN ('resident', 'hkm', 'other')", name="id_kind"),
    )

    id_kind: Mapped[str]
    known_index: Mapped[bytes] = mapped_column(unique=True)
    person_sealed: Mapped[bytes]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    enrolment_consent_id: Mapped[int]
    departments_consent_id: Mapped[int]
    records_consent_id: Mapped[int]
    forgotten_at: Mapped[datetime | None]


class Guardianship(PublicId, Rows):
    """An account that cares for a child, from when to when. The sealed person is JSON {name, id_number}."""

    __tablename__ = "guardianship"
    __table_args__ = (
        Index("uq_guardianship_open", "child_id", "account_id", unique=True, postgresql_where=text("ends_at IS NULL")),
        CheckConstraint("relation IN ('father', 'mother', 'grandparent', 'other')", name="relation"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    relation: Mapped[str]
    person_sealed: Mapped[bytes | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Claim(PublicId, Rows):
    """A second guardian's wish to care for a child too. The present guardian answers; else officials decide.

    `child_id` is empty where no such child is known: the asker cannot tell the difference (promises D13).
    What was said is JSON {id_number, name, guardian_name, guardian_id_number}, sealed for the asker.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "uq_claim_open",
            "claimant_id",
            "said_index",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'disputed')"),
        ),
        CheckConstraint("state IN ('waiting', 'accepted', 'disputed', 'granted', 'denied')", name="state"),
        CheckConstraint("state IN ('waiting', 'accepted', 'disputed') OR reason IS NOT NULL", name="reason"),
    )

    child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"), index=True)
    claimant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    relation: Mapped[str]
    banner: Mapped[str | None]
    said_sealed: Mapped[bytes]
    said_index: Mapped[bytes]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    disputed_for: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None]
    reason: Mapped[str | None]


transitions(Claim.__table__, "state", CLAIM_STEPS)  # type: ignore[arg-type]


class Helper(PublicId, Rows):
    """Somebody who files for a family until a day that the guardian set (wishes 19)."""

    __tablename__ = "helper"
    __table_args__ = (
        Index("uq_helper_open", "child_id", "account_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    given_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
