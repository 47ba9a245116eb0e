"""Trials that take minutes: `python -m tests.trials.kills`, `python -m tests.trials.closings`; small ones run as tests."""
