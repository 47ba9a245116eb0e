"""Tables of notices: deliveries, the conversations that messages belong to, and outreach."""

from backend.notices.rows.conversations import ConversationRow, HelpRequest, InboxRow, NonceRow
from backend.notices.rows.deliveries import (
    Follower,
    Notice,
    NoticeHold,
    NoticeStep,
    SmsStop,
    SubscriptionConsent,
    WeChatToken,
)
from backend.notices.rows.outreach import Broadcast, LetterKey, LockedLetter

__all__ = [
    "Broadcast",
    "ConversationRow",
    "Follower",
    "HelpRequest",
    "InboxRow",
    "LetterKey",
    "LockedLetter",
    "NonceRow",
    "Notice",
    "NoticeHold",
    "NoticeStep",
    "SmsStop",
    "SubscriptionConsent",
    "WeChatToken",
]
