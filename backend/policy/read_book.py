"""A rule-book read from its folder: `book.toml`, and `estates.csv` where the book names its 小区."""

from pathlib import Path

from backend.policy.rules.book import Book
from backend.policy.rules.parse_book import parse_book

BOOKS = Path(__file__).parent / "books"
"""The rule-books of the published models that come with the product, one folder a model."""


def read_book(folder: Path) -> Book:
    """The book of a folder. Raises `BookFaulty` with every fault, OSError where `book.toml` cannot be read."""
    estates = folder / "estates.csv"
    estates_csv = estates.read_text(encoding="utf-8") if estates.exists() else None
    return parse_book((folder / "book.toml").read_text(encoding="utf-8"), estates_csv)
