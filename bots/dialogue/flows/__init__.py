"""All matters of the conversation, by name."""

from __future__ import annotations

from bots.dialogue.flows.apply import APPLY
from bots.dialogue.flows.enrol import ENROL
from bots.dialogue.flows.exam import ADMISSION, RANK, REPORT_IN, SCORE
from bots.dialogue.flows.exam_choices import EXAM_CHOOSE, STANDING_ORDER
from bots.dialogue.flows.first_word import INTENT
from bots.dialogue.flows.guide import GUIDE, POSTER
from bots.dialogue.flows.human import HUMAN, OFFER
from bots.dialogue.flows.objection import OBJECTION
from bots.dialogue.flows.papers import PAPERS, PICTURE
from bots.dialogue.flows.people import HELPER, PHONE, TIPOFF
from bots.dialogue.flows.place import CHOOSE, CONFIRM, DECLINE, WITHDRAW
from bots.dialogue.flows.privileges import PREFERENCE, PRIVATE
from bots.dialogue.flows.progress import DIARY, DISPUTE, RESULT, WHY
from bots.dialogue.flows.register import CLAIM, REGISTER
from bots.dialogue.flows.speech import LANGUAGE
from bots.dialogue.flows.transfer import TRANSFER
from bots.dialogue.flows.waiting import DEFERRAL, LEAVE_LIST, LINE
from bots.dialogue.steps import Flow

FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        GUIDE,
        POSTER,
        ENROL,
        REGISTER,
        CLAIM,
        APPLY,
        PAPERS,
        PICTURE,
        DIARY,
        DISPUTE,
        RESULT,
        WHY,
        CONFIRM,
        DECLINE,
        WITHDRAW,
        CHOOSE,
        HELPER,
        PHONE,
        TIPOFF,
        HUMAN,
        OFFER,
        INTENT,
        LANGUAGE,
        OBJECTION,
        PREFERENCE,
        PRIVATE,
        LINE,
        LEAVE_LIST,
        DEFERRAL,
        TRANSFER,
        SCORE,
        RANK,
        EXAM_CHOOSE,
        STANDING_ORDER,
        ADMISSION,
        REPORT_IN,
    )
}
