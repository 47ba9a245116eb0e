"""A guardian corrects the child's name or ethnicity, while the application is still the family's own to change (A23).

Name and ethnicity are what families write wrong most: a middle dot, a name without a family name, a second spelling.
Birth, sex and number come from the identity number and are not corrected here: a wrong number is another child.
"""

import uuid

from backend.families.gateways import registration_of
from backend.families.people import guardian_particulars, particulars_of, seal_child
from backend.families.queries import open_child, present_guardianship
from backend.families.refusals import ChildHasGuardian, ParticularsWrong
from backend.families.register_child import child_with
from backend.families.rows import Child
from backend.families.rules.ethnicities import read_ethnicity
from backend.families.rules.names import NameFault, read_name
from backend.foundation.audit import record
from backend.foundation.crypto import blind_index
from backend.foundation.database import db
from backend.foundation.problems import Refusal
from backend.identity.actors import Actor

OPEN_TO_CORRECTION = {"draft", "returned", "withdrawn"}


class ParticularsFixed(Refusal):
    """The application is with the office: what it is checked by does not change under its hands."""

    code = "particulars-fixed"


def correct_child(actor: Actor, child_id: uuid.UUID, name: str | None = None, ethnicity: str | None = None) -> Child:
    """The child with the corrected name, ethnicity, or both; None leaves what stands.

    Only a guardian may, never a helper. Raises NotFound, ParticularsFixed, ParticularsWrong (every fault at once),
    ChildHasGuardian (a child without a number now equals another that is registered).
    """
    _, child = open_child(actor, child_id, "child.correct")
    registration = registration_of(child.id)
    if registration is not None and registration["state"] not in OPEN_TO_CORRECTION:
        raise ParticularsFixed
    person = particulars_of(child)
    corrected = {**person, **_read(name, ethnicity)}
    if corrected == person:
        return child
    changed = sorted(field for field in corrected if corrected[field] != person[field])
    _stay_findable(child, corrected)
    child.person_sealed = seal_child(child.id, corrected)
    db.session.flush()
    record("child.corrected", "child", child.id, fields=",".join(changed))
    return child


def _read(name: str | None, ethnicity: str | None) -> dict[str, str]:
    read: dict[str, str] = {}
    faults = []
    if name is not None:
        try:
            read["name"] = read_name(name)
        except NameFault as fault:
            faults.append({"pointer": "/name", "code": fault.code, "detail": fault.in_chinese})
    if ethnicity is not None:
        known = read_ethnicity(ethnicity)
        if known is None:
            detail = "民族请照户口簿填写，例如“汉”或“蒙古”。"
            faults.append({"pointer": "/ethnicity", "code": "ethnicity-unknown", "detail": detail})
        else:
            read["ethnicity"] = known
    if faults:
        raise ParticularsWrong(faults)
    return read


def _stay_findable(child: Child, corrected: dict[str, str]) -> None:
    """A child without a number is known by its name too: its index follows the name (A22)."""
    if corrected["id_number"]:
        return
    care = present_guardianship(child.id, child.made_by)
    number = guardian_particulars(care).get("id_number") if care else None
    known_index = blind_index("child.known", f"none:{corrected['name']}:{corrected['born_on']}:{number}")
    other = child_with(known_index)
    if other is not None and other.id != child.id:
        raise ChildHasGuardian
    child.known_index = known_index
