"""One module a command group; each has a click object named `command`."""
