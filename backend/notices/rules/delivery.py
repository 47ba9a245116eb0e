"""The life of a notice's delivery and the choice of its channel (promises P8; part 1, step 4).

ready → sending (one attempt, one message id) → sent → delivered | failed; unknown where the gateway did not answer.
"""

STATES = ("ready", "sending", "sent", "delivered", "failed", "unknown")
CHANNELS = ("subscription", "wechat", "sms", "chat")
"""subscription: a message that the person allowed with one tap; wechat: a template message to a follower; sms; chat: a
line in the conversation that the person began."""

STEPS: dict[str, tuple[str, ...]] = {
    "ready": ("sending", "failed"),
    "sending": ("sent", "delivered", "failed", "unknown", "ready"),
    "unknown": ("sending", "sent", "delivered", "failed", "ready"),
    "sent": ("delivered", "failed", "ready"),
    "delivered": (),
    "failed": (),
}
"""A receipt may overtake the answer (sending → delivered); back to ready means: by the next channel now."""

ONCE_ONLY = frozenset({"login-code", "exam-change-code"})
"""Codes that are sent at most once: after an attempt whose outcome is unknown they are never sent again (P8, D14)."""
CHAT_LINE = "chat-line"
MOST_SILENT_ATTEMPTS = 4
"""Attempts by WeChat without an answer before the notice goes by SMS instead."""


def first_channel(
    code: str, *, has_wechat: bool, follows: bool | None, has_consent: bool, has_phone: bool
) -> str | None:
    """The first channel of a notice, None where the person has no address at all.

    A log-in code goes by SMS alone. Anything else by WeChat where the account is bound: by subscription message where
    a consent is left, by template message to whoever is not known to have left (`follows` None: never seen); else SMS.
    """
    if code == CHAT_LINE and has_wechat:
        return "chat"
    if has_wechat and code not in ONCE_ONLY:
        if has_consent:
            return "subscription"
        if follows is not False:
            return "wechat"
    return "sms" if has_phone else None


def next_channel(channel: str, *, follows: bool | None, has_phone: bool) -> str | None:
    """The channel after `channel` failed for good: template after subscription, SMS after WeChat, then nothing."""
    if channel == "subscription" and follows is not False:
        return "wechat"
    return "sms" if channel in {"subscription", "wechat"} and has_phone else None
