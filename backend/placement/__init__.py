"""划片入校: allocation, confirmation, no-show. Comes in: settled applications. Goes out: one place a child, with its reason."""
