"""Decisions about notices, values in and values out: which state may follow, which channel comes first. Pure."""
