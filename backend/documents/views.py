"""How a paper looks in the answers to its family: kind, standing, and reasons as sentences."""

import uuid
from typing import Any

from backend.documents.picture_addresses import picture_address
from backend.documents.rows import Paper
from backend.notices.choose_language import language_of
from backend.notices.sentences import FIRST_LANGUAGE, say


def paper_view(paper: Paper, reader: uuid.UUID) -> dict[str, Any]:
    """The paper for an account that may see it, in its language, with an address of its picture where there is one."""
    lang = language_of(reader)
    told: dict[str, Any] = {
        "id": str(paper.id),
        "kind": paper.kind,
        "kind_name": say(f"word.paper.{paper.kind}", lang=lang),
        "state": paper.state,
        "attempt": paper.attempt,
        "attached_at": paper.attached_at.isoformat(),
        "reasons": [{"code": code, "text": reason_text(code, lang)} for code in paper.reasons],
    }
    if paper.clean_size is not None:
        told["picture_url"] = picture_address(paper.id, reader)
    return told


def reason_text(code: str, lang: str = FIRST_LANGUAGE) -> str:
    """What is wrong with the photograph and what to do, in words a grandparent understands."""
    return say(f"photo.{code}", lang=lang)
