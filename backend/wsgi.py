"""The web process: `granian --interface wsgi backend.wsgi:app`."""

import gc
import os

from backend.app import create_app
from backend.foundation.host_clock import start_with_true_clock
from backend.settings import read_settings

app = create_app(read_settings(os.environ))
start_with_true_clock(app.app_context)
gc.collect()
gc.freeze()  # what stands as long as the process does is not looked through for each thousand wishes
