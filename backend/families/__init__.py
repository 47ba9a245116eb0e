"""families: children, guardians, consents, helpers."""
