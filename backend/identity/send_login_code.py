"""Send a code to the phone by which a guardian logs in; who can say it has proven the number (D14)."""

from backend.foundation.crypto import blind_index
from backend.foundation.problems import Refusal
from backend.identity.accounts import read_phone
from backend.identity.one_use_codes import send_one_use_code, spend_one_use_code


class CodeWrong(Refusal):
    """The code does not fit, is too old, used, or tried too often; all said alike."""

    code = "code-wrong"
    status = 422
    keeps_effects = True


def send_login_code(phone_text: str, address: str) -> None:
    """Send a code. Raises PhoneInvalid, CodesTooOften. The answer is the same for known and unknown numbers."""
    phone = read_phone(phone_text)
    send_one_use_code(_asked(phone), phone, address)


def spend_login_code(phone_text: str, code: str) -> str | None:
    """The proven number, or None where the code does not fit; a wrong try is counted. Raises PhoneInvalid."""
    phone = read_phone(phone_text)
    return phone if spend_one_use_code(_asked(phone), code) else None


def _asked(phone: str) -> bytes:
    return blind_index("account.phone", phone)
