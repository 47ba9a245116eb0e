"""Two SMS providers on loopback that check signatures as the real ones do, written from their published rules."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

KEY_ID, KEY_SECRET = "key-id", "key-secret-of-the-tests"


class Peer:
    """What one provider holds: the messages it took, how it is told to fail, and the signatures it refused."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.fails_with = ""
        self.status = 200
        self.hangs_up = False
        self.forged = 0
        self.address = ""

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        """The JSON of one call."""
        raise LookupError(handler.path, body)


class AliyunPeer(Peer):
    """SendSms and QuerySendDetails under ACS3-HMAC-SHA256."""

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        """As Dysmsapi answers."""
        query = dict(parse_qsl(urlsplit(handler.path).query, keep_blank_values=True))
        if not self._is_signed(handler, query, body):
            self.forged += 1
            return {"Code": "SignatureDoesNotMatch", "Message": "forged"}
        if self.fails_with:
            return {"Code": self.fails_with, "Message": "told to fail"}
        if handler.headers["x-acs-action"] == "QuerySendDetails":
            found = [line for line in self.sent if line["PhoneNumbers"] == query["PhoneNumber"]]
            lines = [{"OutId": line["OutId"], "SendStatus": 3} for line in found]
            return {"Code": "OK", "TotalCount": len(lines), "SmsSendDetailDTOs": {"SmsSendDetailDTO": lines}}
        self.sent.append(query)
        return {"Code": "OK", "Message": "OK", "BizId": f"biz-{len(self.sent)}", "RequestId": "r"}

    def _is_signed(self, handler: BaseHTTPRequestHandler, query: dict[str, str], body: bytes) -> bool:
        given = dict(
            part.strip().split("=", 1) for part in handler.headers["Authorization"].split(" ", 1)[1].split(",")
        )
        names = given["SignedHeaders"].split(";")
        must = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
        if not must <= set(names) or handler.headers["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            return False
        told = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items()))
        lines = "".join(f"{name}:{handler.headers[name].strip()}\n" for name in names)
        canonical = f"POST\n/\n{told}\n{lines}\n{given['SignedHeaders']}\n{hashlib.sha256(body).hexdigest()}"
        wanted = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        signature = hmac.new(KEY_SECRET.encode(), wanted.encode(), hashlib.sha256).hexdigest()
        sent_at = datetime.strptime(handler.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        is_fresh = abs((datetime.now(UTC) - sent_at).total_seconds()) < 900
        return given["Credential"] == KEY_ID and hmac.compare_digest(signature, given["Signature"]) and is_fresh


class TencentPeer(Peer):
    """SendSms and PullSmsSendStatusByPhoneNumber under TC3-HMAC-SHA256."""

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
        """As the sms product answers."""
        if not self._is_signed(handler, body):
            self.forged += 1
            return {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "forged"}}}
        told = json.loads(body)
        if handler.headers["X-TC-Action"] == "PullSmsSendStatusByPhoneNumber":
            lines = [
                {"SessionContext": line["SessionContext"], "ReportStatus": "SUCCESS"}
                for line in self.sent
                if line["PhoneNumberSet"] == [told["PhoneNumber"]]
            ]
            return {"Response": {"PullSmsSendStatusSet": lines[told["Offset"] : told["Offset"] + told["Limit"]]}}
        if self.fails_with:
            return {"Response": {"SendStatusSet": [{"Code": self.fails_with, "SerialNo": ""}]}}
        self.sent.append(told)
        return {"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": f"serial-{len(self.sent)}"}]}}

    def _is_signed(self, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        given = dict(
            part.strip().split("=", 1) for part in handler.headers["Authorization"].split(" ", 1)[1].split(",")
        )
        key_id, day, service, _ = given["Credential"].split("/")
        names = given["SignedHeaders"].split(";")
        lines = "".join(f"{name}:{handler.headers[name].strip().lower()}\n" for name in names)
        canonical = f"POST\n/\n\n{lines}\n{given['SignedHeaders']}\n{hashlib.sha256(body).hexdigest()}"
        timestamp = handler.headers["X-TC-Timestamp"]
        wanted = "\n".join(
            [
                "TC3-HMAC-SHA256",
                timestamp,
                f"{day}/{service}/tc3_request",
                hashlib.sha256(canonical.encode()).hexdigest(),
            ]
        )
        key = ("TC3" + KEY_SECRET).encode()
        for part in (day, service, "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, wanted.encode(), hashlib.sha256).hexdigest()
        is_fresh = abs(datetime.now(UTC).timestamp() - int(timestamp)) < 300
        return (key_id, service) == (KEY_ID, "sms") and hmac.compare_digest(signature, given["Signature"]) and is_fresh


@contextmanager
def on_loopback(peer: Peer) -> Iterator[Peer]:
    """The peer, listening at `peer.address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            told = peer.answer(self, body)
            if peer.hangs_up:
                self.connection.close()
                return
            content = json.dumps(told).encode()
            self.send_response(peer.status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_told: Any) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
