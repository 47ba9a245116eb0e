"""The service: eight steps that every family walks, and the wing of the senior-high exam."""
