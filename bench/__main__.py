"""`python -m bench [NAME …]`: run the measurements and write their tables into bench/results/."""

import sys
from importlib import import_module
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = ("tasks", "pictures", "classes", "ocr", "verification", "live_rank", "placement", "messages", "forecast")


def main() -> None:
    """Run the named measurements, all where none is named."""
    RESULTS.mkdir(exist_ok=True)
    for name in sys.argv[1:] or NAMES:
        table = import_module(f"bench.{name}").measure()
        (RESULTS / f"{name}.md").write_text(table, encoding="utf-8")
        print(table)


if __name__ == "__main__":
    main()
