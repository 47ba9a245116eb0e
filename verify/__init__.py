"""Checkers of a published ledger: standard library only, nothing of the service is imported."""
