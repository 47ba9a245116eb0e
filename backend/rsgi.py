"""The web process: `granian --interface rsgi --loop uvloop backend.rsgi:door`."""

import gc
import os

from backend.app import create_app, create_door
from backend.foundation.host_clock import start_with_true_clock
from backend.settings import read_settings

settings = read_settings(os.environ)
app = create_app(settings)
start_with_true_clock(app.app_context)
door = create_door(app, settings)
gc.collect()
gc.freeze()  # what stands as long as the process does is not looked through for each thousand wishes
