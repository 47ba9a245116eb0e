"""The bots process: `granian --interface wsgi bots.wsgi:app`."""

import os

from backend.app import create_app
from backend.settings import read_settings
from bots.webhook import serve

app = serve(create_app(read_settings(os.environ)))
