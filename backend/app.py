"""The service is assembled here: settings in, a Flask app out, and its door. Nothing happens at import."""

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import g, redirect, request, url_for
from flask_bootstrap import Bootstrap5
from sqlalchemy import text
from werkzeug.wrappers import Response

from backend.foundation import clock
from backend.foundation.behind_door import BehindDoor
from backend.foundation.bell import hang_bell
from backend.foundation.crypto import SoftwareCrypto
from backend.foundation.database import connect, db
from backend.foundation.desk import DeskRoom, hang_menu
from backend.foundation.doors import POLICY, Application, refuse_open_routes, stamp_requests
from backend.foundation.host_clock import skew_of
from backend.foundation.logging import principal, write_structured_logs
from backend.foundation.pressed_files import press_files
from backend.foundation.problems import answer_with_problems
from backend.identity.actors import LoginNeeded, NotAllowed, PasswordExpired, Policy, enforce, present_actor
from backend.identity.desk import shell_facts
from backend.identity.sessions import actor_of, token_of
from backend.settings import Settings
from backend.wiring import say_problem, wire
from backend.zhongkao.board.before_flask import BeforeFlask

ROOMS = (
    "identity",
    "policy",
    "publication",
    "notices",
    "families",
    "documents",
    "enrolment",
    "verification",
    "seats",
    "placement",
    "classes",
    "records",
    "zhongkao",
    "zhongkao.board",
    "results",
)
FRAMEWORK_ENDPOINTS = ("static", "bootstrap.static", "openapi.spec", "ready", "alive")


def create_app(settings: Settings) -> Application:
    """The whole service. Raises RouteWithoutPolicy; opens no connection."""
    write_structured_logs()
    app = Application(
        "backend",
        title="Sunroll",
        version="1",
        static_folder="foundation/static",
        template_folder="foundation/templates",
        docs_path=None,
        spec_path="/api/openapi.json",
    )
    app.config.update(PUBLIC_URL=settings.public_url, REHEARSAL=settings.rehearsal, UPLOADS=settings.uploads)
    app.config.update(BOARD=settings.board, PUSH_URL=settings.push_url)
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, GATEWAYS=settings.gateways, WECHAT=settings.wechat)
    app.config.update(SESSION_COOKIE_SAMESITE="Strict", SESSION_COOKIE_SECURE=settings.public_url.startswith("https"))
    app.secret_key = settings.keys.tokens
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions.update(keys=settings.keys, crypto=SoftwareCrypto(), bell=hang_bell(settings.redis_url))
    connect(app, settings)
    clock.follow_rehearsal(moved=settings.rehearsal)
    stamp_requests(app, trusted_proxy=settings.trusted_proxy, push_url=settings.push_url)
    answer_with_problems(app, say_problem)
    press_files(app)
    Bootstrap5(app)
    open_rooms(app)
    guard_doors(app)
    wire(app, settings)
    refuse_open_routes(app, FRAMEWORK_ENDPOINTS)
    return app


def create_door(app: Application, settings: Settings) -> BeforeFlask:
    """The service as its server calls it (RSGI): the hot paths of a session, and the app behind them."""

    def ahead() -> timedelta:
        with app.app_context():
            return clock.ahead()

    return BeforeFlask(
        BehindDoor(app.wsgi_app, settings.pages_at_once),
        app.extensions["boards"],
        app.extensions["choice_writer"].keep,
        settings.keys.tokens,
        say_problem,
        ahead=ahead if settings.rehearsal else None,
        trusted_proxy=settings.trusted_proxy,
    )


def open_rooms(app: Application) -> None:
    """Register every room's tables, its API and its desk pages, in the order of the house."""
    for room in ROOMS:
        for part, attribute in (("rows", None), ("api", "api"), ("desk", "desk"), ("pages", "pages")):
            name = f"backend.{room}.{part}"
            if find_spec(name) is None:
                continue
            module = import_module(name)
            if attribute:
                app.register_blueprint(getattr(module, attribute))
    hang_menu(app, _may)
    app.context_processor(shell_facts)

    @app.get("/alive")
    def alive() -> dict[str, str]:
        return {"state": "alive", "now": clock.now().isoformat()}

    @app.get("/ready")
    def ready() -> tuple[dict[str, Any], int]:
        return _readiness()


def _may(action: str) -> bool:
    asking = present_actor()
    return asking is not None and not asking.password_expired and asking.may(action) is not None


def _readiness() -> tuple[dict[str, Any], int]:
    """Whether the database keeps what it acknowledges (promises D1), and whether the host's clock is its clock (D20)."""
    wanted = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    found = {name: db.session.execute(text(f"SHOW {name}")).scalar_one() for name in wanted}
    skew = skew_of(db.session.connection())
    good = found == wanted and not skew.is_wrong
    return {"ready": good, "database": found, "clock_ahead_ms": skew.ahead_ms}, 200 if good else 503


def guard_doors(app: Application) -> None:
    """Find out who is asking and hold the route's policy, before any view runs."""

    def who_is_asking() -> Response | None:
        token = token_of(request)
        g.actor = actor_of(token) if token else None
        if g.actor is not None:
            principal.set(f"{g.actor.kind}:{g.actor.account_id}")
        view = app.view_functions.get(request.endpoint or "")
        wanted: Policy | None = getattr(view, POLICY, None)
        if wanted is None:
            return None
        if request.path.startswith("/desk") and request.method == "POST" and not _from_our_pages():
            raise NotAllowed
        try:
            enforce(wanted)
        except (LoginNeeded, PasswordExpired) as refusal:
            if isinstance(app.blueprints.get(request.blueprint or ""), DeskRoom) and request.method == "GET":
                page = "login" if isinstance(refusal, LoginNeeded) else "password"
                return redirect(url_for(f"identity_desk.{page}"))
            raise
        return None

    app.before_request(who_is_asking)


def _from_our_pages() -> bool:
    """Whether a desk form was sent by one of our own pages: another site's form says so in these headers."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return origin in {None, request.host_url.rstrip("/")} and site in {None, "same-origin", "none"}
