"""The bots process: `granian --interface wsgi bots.wsgi:app`. Letters that a killed process left are taken up first."""

import os

from backend.app import create_app
from backend.settings import read_settings
from bots.webhook import Webhook, serve

_service = create_app(read_settings(os.environ))
_webhook = Webhook(_service)
_webhook.reception.start()
app = serve(_service, _webhook)
