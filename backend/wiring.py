"""Where lower rooms get what only higher rooms have: gateways and sentences are handed in here, at assembly."""

from typing import Any

from flask import Flask

from backend.classes.held_data import classes_held
from backend.documents.gateways.reader import is_installed, reader
from backend.documents.held_data import papers_held
from backend.enrolment.enrol_by import context_of, families_in
from backend.enrolment.held_data import applications_held
from backend.enrolment.views import child_registration
from backend.families.people import name_of
from backend.families.rules.id_number import IdNumberFault, read_id_number
from backend.identity.signed_portal import SignedPortal
from backend.notices.choose_language import asked_for
from backend.notices.gateways.contracts import providers_of
from backend.notices.gateways.wechat import WeChatPlatform
from backend.notices.send_code import send_code
from backend.notices.sentences import FIRST_LANGUAGE, explain
from backend.placement.held_data import places_held
from backend.records.held_data import records_held
from backend.seats.import_homes import read_homes
from backend.settings import Settings
from backend.verification.gateways.drop_folder import DropFolder
from backend.verification.gateways.exchange import Departments
from backend.verification.gateways.json_exchange import JsonExchange
from backend.verification.gateways.xml_exchange import XmlExchange
from backend.verification.held_data import checks_held
from backend.verification.rules.lines import as_usual, read_lines
from backend.zhongkao.exam_book import exam_book
from backend.zhongkao.log_in_candidate import login_lives


def say_problem(code: str, facts: dict[str, Any], asked: str = "") -> str:
    """The sentence of a problem, in the catalogue's words; `asked` is an Accept-Language header (wishes 20)."""
    return explain(code, facts, asked_for(asked) or FIRST_LANGUAGE)


def wire(app: Flask, settings: Settings) -> None:
    """Hand the gateways to the rooms that declare them as protocols."""
    platform = WeChatPlatform(settings.wechat)
    app.extensions["chat_gateway"] = platform
    app.extensions["wechat_login"] = platform
    app.extensions["portal"] = SignedPortal(settings.portal) if settings.portal else None
    app.extensions["sms_gateway"] = providers_of(settings.notices, settings.gateways)
    app.config["QUIET_HOURS"] = settings.notices.quiet_hours
    there = settings.gateways
    lines = read_lines(there.exchange_lines.read_text(encoding="utf-8")) if there.exchange_lines else as_usual()
    asked_by = (there.exchange_url, there.exchange_client, there.exchange_key)
    app.extensions["department_lines"] = lines
    app.extensions["exchange"] = Departments(
        {name: line.transport for name, line in lines.items()},
        {"json": JsonExchange(*asked_by), "xml": XmlExchange(*asked_by)},
    )
    app.extensions["drop_folder"] = DropFolder(there.exchange_drop or settings.uploads / "drop", there.exchange_key)
    app.extensions["reader"] = reader if settings.reads_papers and is_installed() else None
    app.extensions["code_sender"] = send_code
    app.extensions["id_number_fault"] = id_number_fault
    app.extensions["read_homes"] = read_homes
    app.extensions["child_namer"] = name_of
    app.extensions["registration_of"] = child_registration
    app.extensions["families_of"] = families_in
    app.extensions["child_context"] = context_of
    app.extensions["held_data"] = {
        "papers": papers_held,
        "applications": applications_held,
        "checks": checks_held,
        "places": places_held,
        "records": records_held,
        "classes": classes_held,
    }
    app.extensions["exam_book"] = exam_book
    app.extensions["candidate_logins"] = login_lives
    app.jinja_env.globals["say_problem"] = lambda refusal: say_problem(refusal.code, refusal.facts)


def id_number_fault(number: str) -> str | None:
    """What is wrong with an ID number, in Chinese; None where nothing is."""
    try:
        read_id_number(number)
    except IdNumberFault as fault:
        return fault.in_chinese
    return None
