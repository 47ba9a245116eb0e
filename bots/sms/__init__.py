"""Conversations by plain SMS: the same dialogue, answered by SMS. The gateway posts what phones send (wishes 19)."""
