"""The web process: `granian --interface wsgi backend.wsgi:app`."""

import os

from backend.app import create_app
from backend.settings import read_settings

app = create_app(read_settings(os.environ))
