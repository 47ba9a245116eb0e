"""Tables of notices: deliveries, and the conversations that messages belong to."""

from backend.notices.rows.conversations import ConversationRow, HelpRequest, InboxRow, NonceRow
from backend.notices.rows.deliveries import Follower, Notice, NoticeStep, SubscriptionLedger, WeChatToken

__all__ = [
    "ConversationRow",
    "Follower",
    "HelpRequest",
    "InboxRow",
    "NonceRow",
    "Notice",
    "NoticeStep",
    "SubscriptionLedger",
    "WeChatToken",
]
