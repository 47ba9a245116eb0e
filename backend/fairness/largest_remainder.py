"""Largest remainder: seats shared out by weight, exactly and in integers (contracts 4: quota)."""

from collections.abc import Mapping


class NoWeight(ValueError):
    """There are seats to share out and nobody has any weight."""


def largest_remainder(weights: Mapping[str, int], seats: int) -> dict[str, int]:
    """Seats by id: ⌊seats × weight ÷ total⌋ each, the rest to the largest remainders.

    Ties of the remainder go to the larger weight, then to the smaller id (UTF-8 bytes). `weights` are whole numbers
    ≥ 0. Raises ValueError where a weight or `seats` is negative, NoWeight where seats > 0 and the total is 0.
    """
    if seats < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights and seats are 0 or more")
    total = sum(weights.values())
    if seats == 0:
        return dict.fromkeys(weights, 0)
    if total == 0:
        raise NoWeight(f"{seats} seats cannot be shared out: all weights are 0")
    shares = {one: seats * weight // total for one, weight in weights.items()}
    rest = seats - sum(shares.values())
    by_claim = sorted(weights, key=lambda one: (-(seats * weights[one] % total), -weights[one], one.encode()))
    for one in by_claim[:rest]:
        shares[one] += 1
    return shares
