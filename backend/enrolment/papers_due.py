"""Which papers an application owes by its form and the banner's rule-book, how they stand, and what is still missing."""

from dataclasses import dataclass

from backend.documents.queries import how_papers_stand
from backend.enrolment.applications import read_form
from backend.enrolment.rows import Application
from backend.enrolment.rules.form import Form, missing_of, said_in
from backend.policy.books_in_force import book_in_force
from backend.policy.rules.book import Book
from backend.policy.rules.claims import PaperDue, claims_from, papers_for


@dataclass(frozen=True)
class Owed:
    """`papers` due with how each stands (present, retake, missing); `missing`: codes of fields, then kinds of papers."""

    papers: tuple[tuple[PaperDue, str], ...]
    missing: list[str]


def owed_by(application: Application) -> Owed:
    """What the application still needs before it can be submitted (A23; flow papers-at-school: no photographs)."""
    book, form = book_in_force(application.banner), read_form(application)
    due = _due(book, application, form)
    standing = how_papers_stand(application.child_id, [paper.kind for paper in due])
    papers = tuple((paper, standing[paper.kind]) for paper in due)
    return Owed(papers, missing_of(form, {paper.kind: standing for paper, standing in papers}))


def _due(book: Book, application: Application, form: Form | None) -> tuple[PaperDue, ...]:
    if book.flow == "papers-at-school":
        return ()
    claims = claims_from(said_in(form, application.banner)) if form else {}
    return papers_for(book, application.stage, claims)
