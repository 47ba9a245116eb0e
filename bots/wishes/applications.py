"""Wishes about an application: from the draft to the receipt, its papers, its diary, its withdrawal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from backend.enrolment.choose_schools import choose_schools
from backend.enrolment.draft_application import draft_application
from backend.enrolment.file_intent import file_intent
from backend.enrolment.order_chat_picture import kinds_on_their_way, order_chat_picture
from backend.enrolment.rules.form import Form
from backend.enrolment.save_form import save_form
from backend.enrolment.submit_application import submit_application
from backend.enrolment.views import application_view
from backend.enrolment.withdraw_application import withdraw_application
from backend.foundation.problems import NotFound, Refusal
from backend.notices.choose_language import language_of
from backend.placement.objections import file_objection
from backend.verification.appeal_rejection import appeal_rejection
from backend.verification.diary import diary_of
from backend.verification.dispute_check import dispute_check
from bots.person import Caller


class PicturesOnTheirWay(Refusal):
    """Photographs of this application are being fetched; submitted in half a minute, it is complete."""

    code = "pictures-on-their-way"


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound from error


def open_draft(caller: Caller, child: str, banner: str, stage: str) -> dict[str, Any]:
    """The draft's id, or that of the live application for this very place."""
    return {"id": str(draft_application(caller.actor(), _id(child), banner, stage, caller.arrived_at).id)}


def save(caller: Caller, application: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What is still missing after saving."""
    saved = save_form(caller.actor(), _id(application), Form.model_validate(form))
    return {"missing": application_view(saved)["missing"]}


def attach(caller: Caller, application: str, child: str, kind: str, media_id: str) -> dict[str, Any]:
    """The picture is ordered; it becomes a paper of the child once a worker has fetched it."""
    order_chat_picture(caller.actor(), _id(application), kind, media_id)
    return {"child": child, "kind": kind, "state": "waiting"}


def submit(caller: Caller, application: str) -> dict[str, Any]:
    """The receipt. Raises PicturesOnTheirWay while photographs are being fetched."""
    if kinds_on_their_way(_id(application)):
        raise PicturesOnTheirWay
    submitted = submit_application(caller.actor(), _id(application), caller.arrived_at)
    return {"receipt": submitted.receipt or ""}


def withdraw(caller: Caller, application: str, reason: str) -> dict[str, Any]:
    """The state after the withdrawal."""
    return {"state": withdraw_application(caller.actor(), _id(application), reason).state}


def choose(caller: Caller, application: str, schools: Sequence[str]) -> dict[str, Any]:
    """The chosen schools."""
    return {"choices": list(choose_schools(caller.actor(), _id(application), list(schools)).choices)}


def show_diary(caller: Caller, application: str, child: str) -> dict[str, Any]:
    """The lines of the diary in the account's language, oldest first."""
    lang = language_of(caller.actor().account_id)
    return {"child": child, "items": diary_of(caller.actor(), _id(application), lang)}


def dispute(caller: Caller, check_id: str, text: str) -> dict[str, Any]:
    """The dispute's id."""
    return {"id": str(dispute_check(caller.actor(), _id(check_id), text).id)}


def file_first_word(caller: Caller, words: str, stage: str, banner: str) -> dict[str, Any]:
    """The receipt of an intent, when it arrived, and until when form and papers may follow."""
    filed = file_intent(caller.actor(), words, caller.arrived_at, banner or None, stage or None)
    return {
        "receipt": filed.receipt,
        "arrived_at": filed.arrived_at.isoformat(),
        "until": filed.until.isoformat(),
    }


def object_to(caller: Caller, application: str, state: str, text: str) -> dict[str, Any]:
    """An appeal against a rejection, or an objection to a published result, with its receipt where it has one."""
    actor = caller.actor()
    if state == "rejected":
        return {"state": appeal_rejection(actor, _id(application), text, caller.arrived_at).state, "receipt": ""}
    return {"state": state, "receipt": file_objection(actor, _id(application), text, caller.arrived_at).receipt}
