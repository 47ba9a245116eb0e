"""notices: what to tell whom, by which channel, when; delivery states; SMS and WeChat gateways.

In: a wish of an earlier or later room to tell a family something (a code, its facts, an account). Out: one message
with one stable id, whose delivery ends in sent, delivered, failed or unknown, and the sentence a family reads.
This room decides nothing about children: it only says what others decided, in words a grandparent understands.
"""
