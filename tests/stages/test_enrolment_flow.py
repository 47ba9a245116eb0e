"""From a registered child to a receipt, and back."""

from backend.foundation import clock
from tests.enrolment_builders import drafted, open_banner, submitted


def test_a_complete_application_gets_a_receipt(app) -> None:
    open_banner()
    _, application = submitted()
    assert application.state == "submitted"
    assert application.receipt
