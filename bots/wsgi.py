"""The bots process: `granian --interface wsgi bots.wsgi:app`. Letters that a killed process left are taken up first."""

import os
import sys

from sqlalchemy.orm import configure_mappers

from backend.app import create_app
from backend.settings import read_settings
from bots.reception import SWITCHES_EVERY
from bots.webhook import Webhook, serve

sys.setswitchinterval(SWITCHES_EVERY)
_service = create_app(read_settings(os.environ))
configure_mappers()  # before the first message, which would wait for it
_webhook = Webhook(_service)
_webhook.reception.start()
app = serve(_service, _webhook)
