"""Who is asking: accounts, sessions, roles, grants.

Comes in: a phone number with its code, a WeChat log-in, an official's password with a one-time password. Goes out: an
Actor, and Grants, the only way to a record. Not here: who is whose child (families write those grants).
"""
