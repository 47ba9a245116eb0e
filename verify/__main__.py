"""`python -m verify DIR`: check a ledger folder with the standard library alone."""

import sys
from collections.abc import Mapping
from pathlib import Path

from verify.decision import Program
from verify.folder import Lie, Unreadable
from verify.ledger import check_ledger

TRUE, FALSE, NOT_READ = 0, 1, 2


def run(folder: str, programs: Mapping[str, Program] | None = None) -> int:
    """Check the folder and print the verdict; 0 = all true, 1 = a lie, 2 = unreadable.

    `programs` recompute, by kind, what the standard library alone does not.
    """
    try:
        verdict = check_ledger(Path(folder), programs)
    except Lie as lie:
        print(f"not true: {lie}")
        return FALSE
    except (Unreadable, OSError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return NOT_READ
    for note in verdict.notes:
        print(f"note: {note}")
    print(f"head {verdict.head}")
    print(f"verified {verdict.decisions} decisions")
    return TRUE


def main() -> int:
    """The command line: one folder."""
    if len(sys.argv) != 2:  # noqa: PLR2004 (the program and one folder)
        print("usage: python -m verify DIR", file=sys.stderr)
        return NOT_READ
    return run(sys.argv[1])


if __name__ == "__main__":
    raise SystemExit(main())
