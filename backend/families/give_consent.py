"""Write down a guardian's consent: the text's version and digest, the channel, the moment (个保法 §29, §31)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from backend.families.consent_texts import REQUIRED, consent_texts, text_in_force
from backend.families.refusals import ConsentMissing, ConsentOutdated
from backend.families.rows import Consent
from backend.foundation import clock
from backend.foundation.database import db


@dataclass(frozen=True)
class GivenConsent:
    """A consent as the phone sends it: the purpose, and the digest of the text that was on the screen."""

    purpose: str
    sha256: str


def require_consents(given: Sequence[GivenConsent], purposes: Sequence[str] = REQUIRED) -> None:
    """Every purpose is agreed to, by the text in force. Raises ConsentMissing, ConsentOutdated."""
    digests = {consent.purpose: consent.sha256.lower() for consent in given}
    missing = [text for text in consent_texts() if text.purpose in purposes and text.purpose not in digests]
    if missing:
        raise ConsentMissing(
            [
                {"pointer": "/consents", "code": text.purpose, "detail": f"还没有同意“{text.title}”。"}
                for text in missing
            ]
        )
    outdated = [purpose for purpose in purposes if digests[purpose] != text_in_force(purpose).sha256]
    if outdated:
        raise ConsentOutdated(
            [
                {"pointer": "/consents", "code": purpose, "detail": f"“{text_in_force(purpose).title}”的内容更新了。"}
                for purpose in outdated
            ]
        )


def give_consent(child_id: uuid.UUID, account_id: uuid.UUID, purpose: str, channel: str) -> Consent:
    """The row of a consent to the text in force; the child's own row may follow it, never come before."""
    text = text_in_force(purpose)
    row = Consent(
        child_id=child_id,
        account_id=account_id,
        purpose=purpose,
        version=text.version,
        text_sha256=text.sha256,
        channel=channel,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row
