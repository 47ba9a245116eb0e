"""The seed ceremony: the office commits, witnesses draw digits in public, and nobody chooses the seed.

The steps (what the room does, and what is published when) stand in docs/properties/placement.md, D9 to D12.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SEED_DOMAIN = "sunroll-seed/v1"
WITNESS_DOMAIN = "sunroll-witness/v1"
FEWEST_WITNESSES = 3
SHORTEST_OFFICE_SECRET = 32
WITNESS_TEXT = re.compile(r"[0-9]{12,}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class CeremonyRefused(ValueError):
    """The ceremony's published rules or texts are not such that nobody could choose the seed."""


@dataclass(frozen=True, slots=True)
class CeremonyRules:
    """What is published before the first digit is drawn.

    `root` is the Merkle root of the frozen list and `office_commitment` is SHA-256 of the office's secret, both in
    lower-case hex. `witnesses` are at least three names in the order of the seed text. `beacon` names a public
    number of the future, or is None; `beacon_fallback` is the text used where that number never appears.
    Raises CeremonyRefused where these are not so.
    """

    root: str
    office_commitment: str
    witnesses: tuple[str, ...]
    beacon: str | None = None
    beacon_fallback: str | None = None

    def __post_init__(self) -> None:
        if not (DIGEST.fullmatch(self.root) and DIGEST.fullmatch(self.office_commitment)):
            raise CeremonyRefused("the root and the office's commitment are 64 lower-case hex digits")
        if len(set(self.witnesses)) < max(FEWEST_WITNESSES, len(self.witnesses)):
            raise CeremonyRefused(f"a ceremony has at least {FEWEST_WITNESSES} witnesses, each named once")
        if (self.beacon is None) != (self.beacon_fallback is None):
            raise CeremonyRefused("a public number needs its fall-back, and a fall-back its public number")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of the seed: whose it is, the text used, and whether that party revealed it."""

    party: str
    text: str
    is_revealed: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is published after the ceremony: every part in the order of the seed text, and the seed text itself."""

    root: str
    parts: tuple[Part, ...]
    seed: str


def commitment(office_secret: str) -> str:
    """SHA-256 of the office's secret in lower-case hex, published before the witnesses draw.

    Raises CeremonyRefused under 32 characters: a short secret could be guessed from its hash.
    """
    if len(office_secret) < SHORTEST_OFFICE_SECRET:
        raise CeremonyRefused(f"the office's secret has at least {SHORTEST_OFFICE_SECRET} characters drawn by chance")
    return hashlib.sha256(office_secret.encode()).hexdigest()


def opens(published: str, office_secret: str) -> bool:
    """Whether the secret is the one that was committed to."""
    return hmac.compare_digest(published, hashlib.sha256(office_secret.encode()).hexdigest())


def witness_commitment(root: str, witness: str, text: str) -> str:
    """What a witness hands in before anything is said: SHA-256("sunroll-witness/v1" 00 root 00 name 00 text), in hex.

    Bound to the list and to the name, so that nobody can hand in what another handed in. Raises CeremonyRefused
    where the text is not twelve digits or more, or the name has a NUL character.
    """
    if WITNESS_TEXT.fullmatch(text) is None or "\0" in witness:
        raise CeremonyRefused("a witness gives twelve digits or more, under a name without a NUL character")
    return hashlib.sha256(f"{WITNESS_DOMAIN}\0{root}\0{witness}\0{text}".encode()).hexdigest()


def opens_witness(published: str, root: str, witness: str, text: str) -> bool:
    """Whether the digits are those that this witness committed to for this list."""
    try:
        return hmac.compare_digest(published, witness_commitment(root, witness, text))
    except CeremonyRefused:
        return False


def seed_text(root: str, office_text: str, witness_texts: Sequence[str], beacon_text: str | None = None) -> str:
    """The seed text: hex of SHA-256("sunroll-seed/v1" 00 root 00 s0 00 w1 00 … 00 beacon), each a text in UTF-8.

    `root` is the hex of the Merkle root. Without a public number the last witness's text is the last part.
    Raises CeremonyRefused where a text has a NUL character: the parts could be cut elsewhere.
    """
    parts = [SEED_DOMAIN, root, office_text, *witness_texts]
    if beacon_text is not None:
        parts.append(beacon_text)
    if any("\0" in part for part in parts):
        raise CeremonyRefused("a text of the ceremony has a NUL character")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def conclude(
    rules: CeremonyRules, office_secret: str | None, witness_texts: Mapping[str, str], beacon_text: str | None
) -> Transcript:
    """The transcript with the seed; a text that is missing is replaced by the fixed rule, there is no second draw.

    An office that keeps silent, or says what it did not commit to, is replaced by its commitment; a witness without
    twelve digits or more by "unrevealed/" and the place in the list, counted from 1; a public number that never
    appeared by the published fall-back. Raises CeremonyRefused for a witness or a public number that the rules do
    not name.
    """
    if beacon_text is not None and rules.beacon is None:
        raise CeremonyRefused("the published rules name no public number")
    if strangers := set(witness_texts) - set(rules.witnesses):
        raise CeremonyRefused(f"the published rules name no such witness: {', '.join(sorted(strangers))}")
    office_opened = office_secret is not None and opens(rules.office_commitment, office_secret)
    parts = [
        Part("office", office_secret if office_secret and office_opened else rules.office_commitment, office_opened)
    ]
    for place, witness in enumerate(rules.witnesses, 1):
        text = witness_texts.get(witness, "")
        is_revealed = WITNESS_TEXT.fullmatch(text) is not None
        parts.append(Part(witness, text if is_revealed else f"unrevealed/{place}", is_revealed))
    witness_parts = [part.text for part in parts[1:]]
    beacon = None
    if rules.beacon is not None and rules.beacon_fallback is not None:
        beacon = Part(rules.beacon, beacon_text or rules.beacon_fallback, bool(beacon_text))
    seed = seed_text(rules.root, parts[0].text, witness_parts, beacon.text if beacon else None)
    return Transcript(rules.root, (*parts, *([beacon] if beacon else [])), seed)
