"""Where the database went away in the middle, nobody is told it was a fault of his: the same key may be sent again (D1, P20)."""

from sqlalchemy.exc import OperationalError

from backend.foundation.doors import Application
from backend.foundation.problems import answer_with_problems


def test_a_database_that_went_away_is_not_known_and_may_be_asked_again() -> None:
    app = Application("away")
    answer_with_problems(app, lambda code, _facts, _asked: code)

    def view() -> str:
        raise OperationalError("SELECT 1", {}, RuntimeError("server closed the connection"))

    app.add_url_rule("/api/away", "away", view)
    app.dispatch_request = app.view_functions["away"]
    answer = app.test_client().get("/api/away")
    assert (answer.status_code, answer.json["code"]) == (503, "try-again")
