"""The desk's pages of notices: the human inbox, the plan of notices, how messages fare, broadcasts."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.foundation import clock
from backend.foundation.desk import DeskRoom, MenuEntry, moment_of, tried
from backend.foundation.problems import parse_id
from backend.identity.actors import actor, official_who_may, policy
from backend.identity.rules.roles import CITY, Scope
from backend.notices.answer_help import answer_help
from backend.notices.broadcast import ACTION, Words, drop_broadcast, release_broadcast, write_broadcast
from backend.notices.call_human import asked_text
from backend.notices.child_names import child_name
from backend.notices.consents import consents_by_state
from backend.notices.gateways import context_of_child, quiet_hours
from backend.notices.hold_notices import hold_notices, let_notices_go, progress_of
from backend.notices.queries import broadcasts_of, help_requests_for, notices_by_state, notices_that_ended_badly
from backend.notices.rules.plan import PLAN, WAYS, plan_of
from backend.notices.sentences import codes, knows, sample, say
from backend.notices.take_help import is_in_hand, open_help, take_help

desk = DeskRoom(
    "notices",
    __name__,
    menu=(
        MenuEntry(89, "人工求助", "notices_desk.requests", "help.answer"),
        MenuEntry(90, "消息送达", "notices_desk.deliveries", "statistics.read"),
        MenuEntry(91, "通知一览", "notices_desk.plan", "statistics.read"),
        MenuEntry(92, "政策广播", "notices_desk.broadcasts", ACTION),
    ),
)

MOST_SHOWN = 100


@desk.app_template_filter("matter_name")
def matter_name(matter: str) -> str:
    """What the person was at in the conversation, as an official reads it: `apply/home_kind` is 填报名表."""
    code = f"word.matter.{matter.partition('/')[0]}"
    return say(code) if knows(code) else "还没开始"


@desk.get("/help")
@policy(official_who_may("help.answer"))
def requests() -> str:
    """The requests this official answers, the longest waiting first, each with its clock and who works on it."""
    moment = clock.now()
    rows = [
        {
            "row": row,
            "text": text,
            "child": child_name(row.child_id) if row.child_id else "",
            "minutes": int((row.due_at - moment).total_seconds() // 60),
            "is_mine": row.taken_by == actor().account_id,
            "is_in_hand": is_in_hand(row, moment),
        }
        for row, text in help_requests_for(actor())
    ]
    return render_template("notices/help.html", rows=rows)


@desk.get("/help/<request_id>")
@policy(official_who_may("help.answer"))
def one_request(request_id: str) -> str:
    """One request with the child's context (the look is written down) and ready answers."""
    row = open_help(actor(), parse_id(request_id))
    context = context_of_child(row.child_id) if row.child_id else ()
    child = child_name(row.child_id) if row.child_id else ""
    ready = [(code, say(code)) for code in codes("ready.")]
    minutes = int((row.due_at - clock.now()).total_seconds() // 60)
    facts = {"row": row, "text": asked_text(row), "child": child, "context": context, "ready": ready}
    return render_template("notices/help_request.html", minutes=minutes, **facts)


@desk.post("/help/<request_id>/take")
@policy(official_who_may("help.answer"))
def take(request_id: str) -> Response:
    """Begin with one; the others at the desk see it."""
    if tried(lambda: take_help(actor(), parse_id(request_id)), "这一条由您来办。") is None:
        return redirect(url_for("notices_desk.requests"))
    return redirect(url_for("notices_desk.one_request", request_id=request_id))


@desk.post("/help/<request_id>/answer")
@policy(official_who_may("help.answer"))
def answer(request_id: str) -> Response:
    """Answer one, in own words or in ready ones; the person reads it in the chat or by SMS."""
    own, ready = request.form.get("answer", "").strip(), request.form.get("ready", "")
    told = own or (say(ready) if ready.startswith("ready.") and knows(ready) else "")
    tried(lambda: answer_help(actor(), parse_id(request_id), told), "已答复，对方会收到消息。")
    return redirect(url_for("notices_desk.requests"))


@desk.get("/deliveries")
@policy(official_who_may("statistics.read"))
def deliveries() -> str:
    """How many notices of each kind stand in which state, how far bulk sending is, and the latest that did not arrive."""
    counts: dict[str, dict[str, int]] = {}
    for code, state, count in notices_by_state():
        counts.setdefault(code, {})[state] = count
    kinds = [(_title(code), plan_of(code).upon, found, progress_of(code)) for code, found in counts.items()]
    states = ["ready", "sending", "sent", "delivered", "failed", "unknown"]
    names = {state: say(f"word.delivery.{state}") for state in states}
    bad = [(row, _title(row.code)) for row in notices_that_ended_badly(MOST_SHOWN)]
    may_hold = actor().may("help.answer", (Scope("city", CITY),)) is not None
    facts = {"kinds": kinds, "states": states, "names": names, "bad": bad}
    return render_template("notices/deliveries.html", may_hold=may_hold, consents=consents_by_state(), **facts)


@desk.post("/deliveries/<code>/hold")
@policy(official_who_may("help.answer"))
def hold(code: str) -> Response:
    """Pause the sending of one kind."""
    tried(lambda: hold_notices(actor(), code), "已暂停，没有发出的都等着。")
    return redirect(url_for("notices_desk.deliveries"))


@desk.post("/deliveries/<code>/go")
@policy(official_who_may("help.answer"))
def let_go(code: str) -> Response:
    """Let it go again."""
    tried(lambda: let_notices_go(actor(), code), "已恢复发送。")
    return redirect(url_for("notices_desk.deliveries"))


@desk.get("/notices/plan")
@policy(official_who_may("statistics.read"))
def plan() -> str:
    """Which notice, to whom, upon what, by which way, when: the table the sending follows, with every sentence."""
    rows = [(line, _title(line.code), _example(line.code), WAYS[line.way]) for line in PLAN.values()]
    return render_template("notices/plan.html", rows=rows, quiet=quiet_hours())


@desk.get("/broadcasts")
@policy(official_who_may(ACTION))
def broadcasts() -> str:
    """What was written for families, how far each is, and a form for the next."""
    banners = [scope.id for scope in actor().scopes_for(ACTION) if scope.kind == "banner"]
    return render_template("notices/broadcasts.html", rows=broadcasts_of(banners), banners=banners)


@desk.post("/broadcasts")
@policy(official_who_may(ACTION))
def new_broadcast() -> Response:
    """Write one; another official releases it."""
    told = request.form
    words = Words(told.get("title", ""), told.get("text", ""), told.get("stage") or None, told.get("link") or None)
    starts_at = max(moment_of(told.get("starts_at", "")), clock.now())
    tried(lambda: write_broadcast(actor(), told.get("banner", ""), words, starts_at), "写好了，请另一位工作人员发布。")
    return redirect(url_for("notices_desk.broadcasts"))


@desk.post("/broadcasts/<broadcast_id>/<step>")
@policy(official_who_may(ACTION))
def decide_broadcast(broadcast_id: str, step: str) -> Response:
    """Release or drop one that another official wrote."""
    verb = release_broadcast if step == "release" else drop_broadcast
    tried(lambda: verb(actor(), parse_id(broadcast_id)), "已发布。" if step == "release" else "已作废。")
    return redirect(url_for("notices_desk.broadcasts"))


def _title(code: str) -> str:
    own = f"notice.{code}.title"
    return sample(own) if knows(own) else code


def _example(code: str) -> str:
    own = f"notice.{code}.text"
    return sample(own) if knows(own) else ""
