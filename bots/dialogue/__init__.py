"""The conversation as a pure state machine: state, message, facts of the moment -> state, replies, wishes.

In: what a person said and what the door knows about that person. Out: sentences by code, and wishes for the door to
carry out, whose outcomes come back as answers. No database, no web, no clock, no chance; see `machine.step`.
"""
