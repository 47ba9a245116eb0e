"""Pure: canonical JSON, tickets, draws, commitments. Values in, values out; no database, no web, no clock."""
