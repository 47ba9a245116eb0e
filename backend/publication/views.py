"""A run as officials see it: state, hashes, counts, the checker's report, who gave a word."""

from typing import Any

from sqlalchemy import select

from backend.foundation.database import db
from backend.identity.rows import Official
from backend.publication.approve_run import WORDS_NEEDED, approvals_of, waits_until
from backend.publication.rows import Run

STATE_NAMES = {
    "frozen": "名单已封存，等待运行",
    "running": "正在运行",
    "checked": "独立核对通过，等待两名工作人员发布",
    "failed": "独立核对未通过，不能发布",
    "approved": "一人已同意，等待第二人",
    "published": "已发布",
    "withdrawn": "已撤回",
}


def run_view(run: Run) -> dict[str, Any]:
    """The run without its input and output: those are read by what needs them."""
    words = approvals_of(run.id)
    names = dict(
        db.session.execute(
            select(Official.account_id, Official.name).where(
                Official.account_id.in_([word.account_id for word in words])
            )
        ).all()
    )
    return {
        "id": str(run.id),
        "kind": run.kind,
        "scope": run.scope,
        "state": run.state,
        "state_text": _state_text(run, len(words)),
        "count": run.rows_count,
        "input_sha256": run.input_sha256,
        "output_sha256": run.output_sha256,
        "book_sha256": run.book_sha256,
        "roster_root": run.roster_root,
        "office_commitment": run.office_commitment,
        "ceremony": run.ceremony,
        "report": run.report,
        "progress": run.done_share,
        "frozen_at": run.frozen_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "approvals": [{"name": names.get(word.account_id, ""), "at": word.at.isoformat()} for word in words],
        "corrects": str(run.corrects) if run.corrects else None,
        "correction_reason": run.correction_reason,
    }


def _state_text(run: Run, words: int) -> str:
    hour = waits_until(run)
    if run.state == "approved" and hour is not None and words >= WORDS_NEEDED[run.kind]:
        return f"两人已同意，{hour:%m月%d日 %H:%M} 准时公布"
    return STATE_NAMES[run.state]
