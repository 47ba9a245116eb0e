"""Decisions: values in, values out. No clock, no chance, no database, no web."""
