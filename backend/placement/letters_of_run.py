"""Time-locked letters of a placement (wishes 13): what each family will hear at the hour lies with it before, unreadable."""

import uuid

from backend.families.people import name_of
from backend.families.queries import guardians_of
from backend.foundation.database import db
from backend.notices.choose_language import language_of
from backend.notices.lock_letters import Written, lock_letters
from backend.notices.send_notice import send_notice
from backend.notices.sentences import say
from backend.placement.next_rows import next_rows, put_the_rest
from backend.placement.rows import PlacementRow
from backend.policy.books_in_force import book_of_hash
from backend.policy.places import school_named
from backend.publication.approve_run import waits_until
from backend.publication.ceremonies import is_struck_out
from backend.publication.rows import Run


def lock_run_letters(run_id: str, after: str = "") -> None:
    """Lock the letters of the next families of a released run, tell them when they open, and put the rest on.

    Nothing is written any more once the hour has struck: then everybody hears it anyway.
    """
    run = db.session.get_one(Run, uuid.UUID(run_id))
    hour = waits_until(run)
    if run.state != "approved" or hour is None:
        return
    rows = next_rows(run.id, after)
    told = [
        (row, account)
        for row in rows
        if not is_struck_out(run.id, row.receipt)
        for account in guardians_of(row.child_id)
    ]
    lock_letters(str(run.id), [_letter(run, row, account) for row, account in told], hour, run.id)
    for row, account in told:
        key = f"letter-waiting/{run.id}/{row.receipt}/{account}"
        send_notice(
            account, "letter-waiting", {"opens_at": hour}, key, row.child_id, link="/phone/#/pages/messages/letters"
        )
    put_the_rest("lock-letters", run.id, rows)


def _letter(run: Run, row: PlacementRow, account_id: uuid.UUID) -> Written:
    """The result in the account's language; a letter says only what stands from the hour on, so no deadline in days."""
    lang = language_of(account_id)
    facts = {
        "child": name_of(row.child_id),
        "receipt": row.receipt,
        "banner": book_of_hash(run.book_sha256).banner_name,
    }
    school = school_named(row.school) if row.school else None
    if school is None:
        return Written(account_id, row.receipt, say("letter.unplaced", lang=lang, **facts))
    told = {**facts, "school": school.name, "address": school.address}
    return Written(account_id, row.receipt, say("letter.placed", lang=lang, **told))
