"""Where lower rooms get what only higher rooms have: gateways and sentences are handed in here, at assembly."""

from typing import Any

from flask import Flask

from backend.settings import Settings


def say_problem(code: str, facts: dict[str, Any]) -> str:
    """The sentence of a problem, in the catalogue's words."""
    from backend.notices.sentences import say  # noqa: PLC0415  # the catalogue is read when the first sentence is needed

    return say(f"problem.{code}", **facts)


def wire(app: Flask, settings: Settings) -> None:
    """Hand the gateways to the rooms that declare them as protocols."""
