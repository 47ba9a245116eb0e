"""The photographs that families of a rehearsal send: drawn once a kind and condition, made unique for each sending."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rehearsal.pictures import CONDITIONS, TITLES, made_unique, photograph


def draw_pool(folder: Path, families: Iterable[Mapping[str, Any]]) -> None:
    """Draw a picture of every kind of paper in every condition into `folder`, with what some family's paper says."""
    folder.mkdir(parents=True, exist_ok=True)
    says: dict[str, Mapping[str, str]] = {}
    for family in families:
        for kind, lines in family["papers_say"].items():
            says.setdefault(kind, lines)
        if len(says) == len(TITLES):
            break
    for kind, title in TITLES.items():
        for condition in CONDITIONS:
            file = folder / f"{kind}-{condition}.jpg"
            if not file.exists():
                file.write_bytes(photograph(kind, says.get(kind, {"材料": title, "说明": "演练样张"}), condition))


class Pool:
    """The pictures of `folder`, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, bytes] = {}

    def picture(self, kind: str, condition: str, tag: str) -> bytes:
        """A JPEG of this kind and condition (good, blurred, dark) that nobody else sends; `tag` makes it so."""
        name = f"{kind}-{condition}.jpg"
        if name not in self._read:
            self._read[name] = (self._folder / name).read_bytes()
        return made_unique(self._read[name], tag)
