"""How people write: numbers, dates, identity numbers, names and places, with their slips. Pure."""
