"""Receipt numbers: digits that can be read out over the phone, drawn by chance, with a check digit at the end."""

DRAWN_DIGITS = 7


def receipt_number(banner: str, year: int, drawn: int) -> str:
    """The receipt for a drawn number below 10^7: banner, year, seven drawn digits, check digit, as 60326-4821-7359.

    It says nothing about how many came before: the order of filing never matters (wishes, "first come").
    """
    digits = f"{banner[-3:]}{year % 100:02d}{drawn:0{DRAWN_DIGITS}d}"
    digits += luhn_digit(digits)
    return f"{digits[:5]}-{digits[5:9]}-{digits[9:]}"


def luhn_digit(digits: str) -> str:
    """The digit that makes `digits` followed by it pass the Luhn check (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004  # the sum of the two digits of a double
    return str(-total % 10)
