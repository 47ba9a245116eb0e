"""Departments that speak XML envelopes: signed like the JSON ones, naming the official's system, department and business."""

from typing import Any

from backend.foundation.calls_outside import straight_session
from backend.verification.gateways.envelope import EnvelopeBroken, read_envelope, write_envelope
from backend.verification.gateways.exchange import Answer, DepartmentUnavailable, exchanged, read_answer
from backend.verification.gateways.signing import Signer
from backend.verification.rules.cells import record_of_texts

KIND = "text/xml; charset=utf-8"
HEADS = {
    "request_id": "RequestId",
    "purpose": "Purpose",
    "basis": "LegalBasis",
    "consented_at": "ConsentedAt",
    "operator": "Operator",
}


class XmlExchange:
    """Questions as envelopes `Query`, answers as envelopes `Answer` whose head says found or not."""

    def __init__(self, url: str, client: str, key: str) -> None:
        self.url = url
        self.signer = Signer(client, key.encode())
        self.session = straight_session()

    def ask(self, department: str, item: str, keys: dict[str, Any], context: dict[str, str]) -> Answer:
        """The answer to `keys`. Raises DepartmentUnavailable, DepartmentTooSlow."""
        head = {HEADS[name]: value for name, value in context.items() if name in HEADS}
        body = write_envelope("Query", {**head, "Department": department, "BusinessCode": item}, keys)
        address = f"{self.url}/soap/{department}"
        reply = exchanged(self.session, self.signer, address, body, KIND, {"SOAPAction": f'"{item}"'})
        return read_answer(told_in(reply.content), context["request_id"])


def told_in(data: bytes) -> dict[str, Any]:
    """The envelope's answer in the words of the JSON one. Raises DepartmentUnavailable for what is no answer."""
    try:
        head, action, fields = read_envelope(data)
    except EnvelopeBroken as broken:
        raise DepartmentUnavailable(str(broken)) from broken
    found = {"true": True, "false": False}.get(head.get("Found", ""))
    if action != "Answer" or found is None:
        raise DepartmentUnavailable("the envelope is no answer")
    return {
        "request_id": head.get("RequestId"),
        "found": found,
        "record": record_of_texts(fields) if found else None,
        "source": head.get("Source", ""),
        "as_of": head.get("AsOf", ""),
    }
