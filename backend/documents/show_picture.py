"""Hand out a clean picture: to the family as it is, to staff with the reader's login across it (promises D12)."""

import io
import uuid

from PIL import Image, ImageDraw, ImageFont

from backend.documents.rows import Paper
from backend.documents.safe_keeping import take_out
from backend.foundation import clock
from backend.foundation.database import db
from backend.foundation.problems import NotFound
from backend.identity.actors import Actor
from backend.identity.rows import Official
from backend.identity.rules.roles import Scope, allows

QUALITY = 80
INK = (200, 30, 30, 90)
SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline; filename=paper.jpg",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def family_picture(paper_id: uuid.UUID, actor: Actor) -> bytes:
    """The clean JPEG for somebody who holds the child at this moment. Raises NotFound."""
    paper = paper_with_picture(paper_id)
    scope = Scope("child", str(paper.child_id))
    if not any(role.scope == scope and allows(role.name, "child.read") for role in actor.roles):
        raise NotFound
    return take_out(paper.child_id, paper.id, "clean")


def paper_with_picture(paper_id: uuid.UUID) -> Paper:
    """The paper, where a clean picture of it exists. Raises NotFound."""
    paper = db.session.get(Paper, paper_id)
    if paper is None or paper.clean_size is None:
        raise NotFound
    return paper


def staff_picture(paper: Paper, actor: Actor) -> bytes:
    """The picture for an official who was let in to it: login and moment stand all over it (GB/T 45574)."""
    login = db.session.get_one(Official, actor.account_id).login
    return stamped(take_out(paper.child_id, paper.id, "clean"), f"{login} {clock.now():%Y-%m-%d %H:%M}")


def stamped(clean: bytes, words: str) -> bytes:
    """The JPEG with `words` (ASCII) repeated across it, half transparent, re-encoded."""
    with Image.open(io.BytesIO(clean), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    tile = _tile(words, max(16, picture.width // 45))
    for row, top in enumerate(range(0, picture.height, tile.height * 3)):
        for left in range(-(row % 2) * tile.width // 2, picture.width, tile.width + tile.height * 2):
            picture.paste(INK[:3], (left, top), tile)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _tile(words: str, size: int) -> Image.Image:
    letters = ImageFont.load_default(size=size)
    _, _, width, height = letters.getbbox(words)
    tile = Image.new("L", (int(width) + size, int(height) + size // 2), 0)
    ImageDraw.Draw(tile).text((0, 0), words, font=letters, fill=INK[3])
    return tile
