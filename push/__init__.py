"""The fourth door: live ranks pushed to phones (WebSocket) and browsers (SSE), in a process of its own.

It reads the snapshots in shared memory and nothing else: no database, no queue. Whoever it does not reach polls.
"""
