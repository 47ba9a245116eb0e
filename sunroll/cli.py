"""The console script: finds the command's module by name and imports nothing else."""

from importlib import import_module

import click

COMMANDS = {
    "check": "ID numbers and working days",
    "draw": "tickets, the circle method, seats by a drawn order",
    "place": "placement by choices or by zones",
    "classes": "balanced classes from a list of pupils",
    "zhongkao": "the senior-high exam: replay, quota, marking, parallel choice",
    "insight": "balance indicators",
    "verify": "recompute a published ledger folder",
    "rehearse": "a whole season on a simulated city",
    "run": "everything on this machine, with a simulated city",
    "chat": "talk to the running service in the terminal, over the real encrypted callbacks",
    "officials": "make officials' accounts from a file",
    "keys": "write a new key file",
    "migrate": "bring the database to the newest revision",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, so that start-up stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's click object, or None where there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sunroll.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help page, written from the table: no module is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=LazyGroup)
@click.version_option(package_name="sunroll")
def main() -> None:
    """Sunroll (阳光入学): school admissions that anyone can check."""
