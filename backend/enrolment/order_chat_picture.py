"""A photograph sent in the chat becomes a paper: ordered in the message's transaction, fetched and attached by a worker.

The platform keeps a picture for three days; fetching it would keep the chat waiting (promises P17: answered in a second).
"""

import uuid

from sqlalchemy import select

from backend.documents.attach_paper import PaperKindUnknown
from backend.documents.rows import KINDS
from backend.enrolment.add_paper import add_paper, require_taking
from backend.enrolment.applications import open_application
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.foundation.tasks import Claim, Task, put_task
from backend.foundation.unit_of_work import unit_of_work
from backend.identity.actors import Actor
from backend.identity.grants import roles_of
from backend.notices.choose_language import language_of
from backend.notices.gateways import PictureGone, chat_gateway
from backend.notices.send_notice import send_notice
from backend.notices.sentences import explain

TASK = "fetch-chat-picture"


def order_chat_picture(actor: Actor, application_id: uuid.UUID, kind: str, media_id: str) -> None:
    """Let a worker fetch the picture and attach it. Raises NotFound, StateForbids, PaperKindUnknown at once."""
    if kind not in KINDS:
        raise PaperKindUnknown
    _, application = open_application(actor, application_id, "paper.attach")
    require_taking(application, kind)
    payload = {"application_id": str(application.id), "account_id": str(actor.account_id), "kind": kind}
    put_task(TASK, f"{application.id}/{media_id}", {**payload, "media_id": media_id})


def fetch_chat_picture(claim: Claim, application_id: str, account_id: str, kind: str, media_id: str) -> None:
    """Fetch with no transaction open, then attach. A picture that is gone, or is refused, is told to whoever sent it.

    Raises ChannelSilent where the platform does not answer: the task is tried again.
    """
    account = uuid.UUID(account_id)
    key = f"{application_id}/{media_id}"
    try:
        data = chat_gateway().picture(media_id)
    except PictureGone:
        with claim.finishing():
            send_notice(account, "picture-gone", {"kind": kind}, f"picture-gone/{key}")
        return
    with unit_of_work():
        actor = Actor(account, "guardian", roles_of(account))
    try:
        with claim.finishing():
            add_paper(actor, uuid.UUID(application_id), kind, data)
    except Refusal as refusal:
        with claim.finishing():
            facts = {"kind": kind, "why": explain(refusal.code, refusal.facts, language_of(account))}
            send_notice(account, "picture-refused", facts, f"picture-refused/{key}")


def kinds_on_their_way(application_id: uuid.UUID) -> list[str]:
    """The kinds of papers whose pictures were ordered and have not been attached yet."""
    found = db.session.execute(
        select(Task.payload["kind"].astext).where(
            Task.kind == TASK,
            Task.done_at.is_(None),
            Task.gave_up_at.is_(None),
            Task.payload["application_id"].astext == str(application_id),
        )
    )
    return sorted(set(found.scalars()))
