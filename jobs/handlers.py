"""Which verb does which kind of task: a name for a name, imported when first needed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from backend.foundation.tasks import Claim

Handler = Callable[..., Any]

HANDLERS = {
    "look-at-picture": "backend.documents.look_at_picture:look_at_picture",
    "fetch-chat-picture": "backend.enrolment.order_chat_picture:fetch_chat_picture",
    "sweep-uploads": "backend.documents.sweep_uploads:sweep_uploads",
    "read-picture": "backend.documents.read_picture:read_picture",
    "open-checks": "backend.verification.open_checks:open_checks",
    "ask-department": "backend.verification.ask_department:ask_department",
    "drop-batch": "backend.verification.drop_batch:drop_batch",
    "pick-up-batches": "backend.verification.pick_up_batches:pick_up_batches",
    "rerun-checks": "backend.verification.rerun_checks:rerun_some",
    "forget-records": "backend.verification.forget_records:forget_records",
    "watch-limbo": "backend.verification.watch_limbo:watch_limbo",
    "remind-return": "backend.verification.remind_return:remind_return",
    "judge-application": "backend.verification.judge_application:judge_application",
    "lapse-return": "backend.verification.lapse_return:lapse_return",
    "deliver-notice": "backend.notices.deliver_notice:deliver_notice",
    "send-broadcast": "backend.notices.broadcast:send_broadcast",
    "settle-seats": "backend.seats.settle_seats:settle_seats",
    "allocate-run": "backend.placement.allocate_run:allocate_run",
    "lock-letters": "backend.placement.letters_of_run:lock_run_letters",
    "publish-run": "backend.publication.approve_run:publish_at_hour",
    "announce-run": "backend.placement.announce_run:announce_run",
    "draw-private": "backend.placement.private_draw:draw_private",
    "announce-draw": "backend.placement.private_draw:announce_draw",
    "move-waiting-lists": "backend.placement.waiting_list:move_waiting_lists",
    "release-absent": "backend.placement.report_absence:release_absent",
    "lapse-confirmation": "backend.placement.lapse_confirmation:lapse_confirmation",
    "schedule-closings": "backend.enrolment.close_window:schedule_closings",
    "close-window": "backend.enrolment.close_window:close_window",
    "lapse-claim": "backend.families.lapse_claim:lapse_claim",
    "form-classes": "backend.classes.form_classes:form_classes",
    "make-records": "backend.records.make_records:make_records",
    "move-record": "backend.records.move_record:move_record",
    "list-exam-session": "backend.zhongkao.list_session:list_session",
    "open-exam-band": "backend.zhongkao.open_band:open_band",
    "close-exam-band": "backend.zhongkao.close_band:close_band",
    "move-standing-orders": "backend.zhongkao.move_standing_orders:move_standing_orders",
    "take-exam-reading": "backend.zhongkao.take_reading:take_reading",
    "admit-exam": "backend.zhongkao.admit_exam:admit_exam",
    "announce-exam": "backend.zhongkao.announce_exam:announce_exam",
    "compare-exam-engines": "backend.zhongkao.compare_engines:compare_exam_engines",
    "remind-exam-band": "backend.zhongkao.remind_band:send_reminders",
}


def handler_of(claim: Claim) -> Handler:
    """The verb for the claim's kind. Ordinary verbs take the payload's fields, foreign ones take the claim first."""
    module, name = HANDLERS[claim.kind].split(":")
    handler: Handler = getattr(import_module(module), name)
    return handler
