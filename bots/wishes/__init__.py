"""The wishes of the dialogue, carried out by the verbs of the service: one wish, one verb, one answer.

A refusal is an answer, not a failure: what the verb had written before it refused is taken back (a wrong try of a code
is kept: it counts), the rest of the message's transaction stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from backend.foundation.database import db
from backend.foundation.problems import Refusal, with_detail
from backend.notices.sentences import FIRST_LANGUAGE, explain
from bots.dialogue.values import Answer, Wish
from bots.person import Caller
from bots.wishes import applications, exam, families, guide, people, places

Carrier = Callable[..., Mapping[str, Any]]

WISHES: dict[str, Carrier] = {
    "search_units": guide.search_units,
    "find_schools": guide.find_schools,
    "ask_guide": guide.ask_guide,
    "show_zone": guide.show_zone,
    "register_child": families.register,
    "claim_child": families.claim,
    "add_helper": families.add_helper,
    "open_application": applications.open_draft,
    "save_form": applications.save,
    "attach_paper": applications.attach,
    "submit": applications.submit,
    "withdraw": applications.withdraw,
    "choose_schools": applications.choose,
    "show_diary": applications.show_diary,
    "dispute_check": applications.dispute,
    "show_result": places.show_result,
    "confirm": places.confirm,
    "decline": places.decline,
    "look_at_preference": places.look_at_preference,
    "ask_preference": places.prefer,
    "look_at_private": places.look_at_private,
    "wish_private": places.register_private,
    "look_at_line": places.look_at_line,
    "leave_list": places.leave_list,
    "look_at_deferrals": places.look_at_deferrals,
    "ask_deferral": places.defer,
    "look_at_transfers": places.look_at_transfers,
    "ask_transfer": places.ask_to_transfer,
    "take_transfer_back": places.take_transfer_back,
    "send_phone_code": people.send_phone_code,
    "set_phone": people.set_phone,
    "file_tipoff": people.tip_off,
    "call_human": people.ask_human,
    "place_help": people.set_banner_of_help,
    "set_language": people.set_language,
    "file_intent": applications.file_first_word,
    "object": applications.object_to,
    "send_exam_code": exam.send_code,
    "log_in_exam": exam.log_in,
    "look_at_exam": exam.look,
    "look_at_standing": exam.standing,
    "what_if": exam.what_if,
    "list_units": exam.units,
    "choose_unit": exam.choose,
    "leave_order": exam.leave_order,
    "look_at_admission": exam.admission,
    "report_in": exam.report_in,
}
"""Name of a wish to the function that carries it out: `(caller, **args) -> facts` or a Refusal."""


def carry_out(caller: Caller, wish: Wish) -> Answer:
    """The outcome of one wish. KeyError for a wish that does not exist; faults that are no refusals are not caught."""
    savepoint = db.session.begin_nested()
    try:
        data = WISHES[wish.name](caller, **wish.args)
    except Refusal as refusal:
        (savepoint.commit if refusal.keeps_effects else savepoint.rollback)()
        return Answer(wish.name, ok=False, code=refusal.code, data=_facts(refusal, _lang(caller)))
    except BaseException:
        savepoint.rollback()
        raise
    savepoint.commit()
    return Answer(wish.name, ok=True, data=data)


def _lang(caller: Caller) -> str:
    account = caller.account()
    return account.language if account else FIRST_LANGUAGE


def _facts(refusal: Refusal, lang: str) -> dict[str, Any]:
    told = {name: _plain(fact) for name, fact in refusal.facts.items()}
    errors = [with_detail(error, lambda says: explain(says, {}, lang)) for error in refusal.errors]
    told["details"] = [error["detail"] for error in errors if error.get("detail")]
    told["pointers"] = [error["pointer"] for error in refusal.errors if error.get("pointer")]
    return told


def _plain(fact: Any) -> Any:
    if isinstance(fact, datetime | date):
        return fact.isoformat()
    return str(fact) if isinstance(fact, uuid.UUID) else fact
