"""Whether two ways of writing a field say the same: blanks, brackets, 族 and capitals do not count."""

BRACKETS = str.maketrans({"（": "(", "）": ")", "［": "(", "］": ")", "[": "(", "]": ")"})


def is_same(field: str, one: str, other: str) -> bool:
    """Whether the two texts are the same value of the field."""
    return _plain(field, one) == _plain(field, other)


def _plain(field: str, text: str) -> str:
    told = "".join(text.split()).upper().translate(BRACKETS)
    return told.removesuffix("族") if field == "ethnicity" else told
