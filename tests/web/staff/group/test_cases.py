"""What a group sees of the cases that people share with it, and never more; what it says in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine, event
from sqlmodel import func, select
from werkzeug.routing import Rule

from portal.cases import attaching, following, group_queue, group_sharing
from portal.cases.attaching import Shows
from portal.cases.case_key import written
from portal.cases.group_sharing import Scope
from portal.cases.status import Kind, Status
from portal.database import reading, transaction
from portal.papers.paper import accept_all
from portal.trail import Action, TrailRow
from tests.building import TODAY
from tests.groups import a_campaign
from tests.papers.documents import a_pdf
from tests.web.browsing import Browser, Clock, parts, token
from tests.web.conftest import AnApp
from tests.web.staff.group.conftest import Filed, Work, a_case, at_work, happen, held, share
from tests.web.test_dossiers import text_of

SECRETS = ("Ana Example", "1 Sample Street", "ana@example.org", "They phoned")
EVERY: dict[str, dict[str, str]] = {
    "group_case.case": {},
    "group_case.shaped": {},
    "group_case.later_shaped": {},
    "group_case.paper": {},
    "group_acting.happened": {"kind": "received"},
    "group_acting.reply": {},
    "group_acting.answers": {"reply": "silence"},
    "group_acting.ways": {},
    "group_acting.details": {"right": "complaint", "way": "eu-gdpr"},
    "group_acting.letter": {},
}
#: What each scope opens; the address is read with GET.
OPENS = {
    Scope.STATUS: {"group_case.case"},
    Scope.LETTERS: {one for one in EVERY if one.startswith("group_case.")},
    Scope.ACT: {*EVERY},
}


@pytest.fixture(scope="module")
def work(lasting: Flask) -> Work:
    return at_work(lasting)


@pytest.fixture(scope="module")
def by_scope(work: Work) -> dict[Scope, Filed]:
    """A case of each scope with a later letter, a note, a paper and a copy of an identity document."""
    return {scope: share(work, rich(work.app), scope) for scope in Scope}


def rich(app: Flask) -> Filed:
    filed = happen(app, a_case(app), Kind.SENT, TODAY)
    case, parts_ = held(app, filed), app.extensions["rightface"]
    for shows in (Shows.ANSWER, Shows.IDENTITY):
        [paper] = accept_all([("answer.pdf", a_pdf())], parts_.copier.copy)
        ready = attaching.prepared(case.id, case.public, shows, paper, parts_.today())
        parts_.files.keep(ready.row.id, ready.sealed)
        with transaction(parts_.engine) as session:
            attaching.keep(session, case.id, (ready,))
    with transaction(parts_.engine) as session:
        following.add_letter(session, case, case.made)
    return filed


def papers(app: Flask, filed: Filed) -> dict[Shows, str]:
    return {one.shows: one.id for one in held(app, filed).papers}


def address(app: Flask, rule: Rule, filed: Filed, paper: Shows = Shows.ANSWER) -> str:
    parts_ = {"id_": filed.id, "letter": held(app, filed).letters[1].id, "paper": papers(app, filed)[paper]}
    values = {name: value for name, value in parts_.items() if name in rule.arguments}
    with app.test_request_context():
        return url_for(rule.endpoint, **values, **EVERY[rule.endpoint], **(rule.defaults or {}))


def rules(app: Flask) -> list[Rule]:
    """Of the shapes of a letter the plain text alone: one view gives them all."""
    found = (one for one in app.url_map.iter_rules() if one.endpoint in EVERY)
    return [one for one in found if (one.defaults or {}).get("shape", "letter.txt") == "letter.txt"]


@pytest.mark.parametrize("scope", Scope)
def test_each_scope_opens_its_own_addresses_and_no_others(
    work: Work, by_scope: dict[Scope, Filed], scope: Scope
) -> None:
    for rule in rules(work.app):
        page = work.browser.get(address(work.app, rule, by_scope[scope]))
        expected = 200 if rule.endpoint in OPENS[scope] else 404
        if rule.endpoint == "group_acting.answers" and expected == 200:
            assert page.status in (200, 404)
        else:
            assert page.status == expected, (page.address, page.status)


def test_how_far_it_is_tells_nobody_s_name_and_no_word_of_a_letter(work: Work, by_scope: dict[Scope, Filed]) -> None:
    page = work.browser.get(f"/group/cases/{by_scope[Scope.STATUS].id}")
    assert "The letter was sent" in page.text
    assert not [one for one in SECRETS if one in page.answer.text]
    assert "Ana Example" in work.browser.get(f"/group/cases/{by_scope[Scope.LETTERS].id}").text


@pytest.mark.parametrize("scope", Scope)
def test_nobody_sees_a_case_that_is_shared_with_another_group(
    work: Work, by_scope: dict[Scope, Filed], scope: Scope
) -> None:
    stranger = at_work(work.app, f"Strangers {scope}")
    for rule in rules(work.app):
        assert stranger.browser.get(address(work.app, rule, by_scope[scope])).status == 404
    assert by_scope[scope].id[:8] not in stranger.browser.get("/group/cases").text
    form = stranger.browser.get("/group/calendar")
    for kind in ("together", "together/said", "letters.pdf"):
        data = {
            "csrf_token": token(form),
            "cases": [by_scope[scope].id],
            "kind": "sent",
            "day": "2026-11-23",
            "do": "say",
        }
        with stranger.browser.client.post(f"/group/cases/{kind}", data=data) as answer:
            assert answer.status_code == 302
    assert [one.kind for one in held(work.app, by_scope[scope]).events] == [Kind.FILED, Kind.SENT]


def test_no_group_sees_a_copy_of_an_identity_document(work: Work, by_scope: dict[Scope, Filed]) -> None:
    for scope in (Scope.LETTERS, Scope.ACT):
        filed = by_scope[scope]
        page = work.browser.get(f"/group/cases/{filed.id}")
        assert papers(work.app, filed)[Shows.IDENTITY] not in page.answer.text
        assert papers(work.app, filed)[Shows.ANSWER] in page.answer.text
        [rule] = [one for one in rules(work.app) if one.endpoint == "group_case.paper"]
        assert work.browser.get(address(work.app, rule, filed, Shows.IDENTITY)).status == 404


def test_what_is_taken_back_is_gone_at_once(work: Work) -> None:
    filed = share(work, a_case(work.app))
    assert work.browser.get(f"/group/cases/{filed.id}").status == 200
    with transaction(work.app.extensions["rightface"].engine) as session:
        group_sharing.withdraw(session, filed.id, work.group.id)
    assert work.browser.get(f"/group/cases/{filed.id}").status == 404
    assert work.browser.get(f"/group/cases/{filed.id}/letter.pdf").status == 404
    assert filed.id not in work.browser.get("/group/cases").answer.text


def test_a_locked_key_shows_the_table_without_names_and_opens_no_case(lasting: Flask) -> None:
    locked = at_work(lasting, "Locked", opened=False)
    filed = share(locked, a_case(lasting))
    page = locked.browser.get("/group/cases")
    assert "No names are shown" in page.text
    assert filed.id[:8] in page.text
    assert "Ana Example" not in page.text
    with locked.browser.client.get(f"/group/cases/{filed.id}") as answer:
        assert answer.location == f"/group/open?after=/group/cases/{filed.id}"


def test_the_table_names_those_who_let_the_group_read_their_case(lasting: Flask) -> None:
    mine = at_work(lasting, "Namers")
    for n, scope in enumerate(Scope):
        share(mine, a_case(lasting, name=f"Person {n}"), scope)
    page = mine.browser.get("/group/cases")
    assert "Person 0" not in page.text
    assert "Person 1" in page.text
    assert "Person 2" in page.text


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent in the meantime."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_pages_take_the_same_few_queries_and_show_each_case_once(
    lasting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = at_work(lasting, "Many")
    filed = {share(mine, a_case(lasting, name=f"Person {n}")).id for n in range(7)}
    monkeypatch.setattr(group_queue.page, "__defaults__", (None, 3))
    seen: list[str] = []
    page = mine.browser.get("/group/cases")
    with counted(lasting.extensions["rightface"].engine) as statements:
        while True:
            shown = [link.split("/")[-1] for link in page.links() if link.startswith("/group/cases/")]
            seen += shown
            following_ = page.links("The next ones")
            if not following_:
                break
            del statements[:]
            page = mine.browser.get(following_[0])
            assert len(statements) <= 12
    assert len(seen) == 7
    assert {*seen} == filed


def test_filters_and_counts_are_exact(lasting: Flask) -> None:
    mine, engine = at_work(lasting, "Counters"), lasting.extensions["rightface"].engine
    with transaction(engine) as session:
        campaign = a_campaign(session, mine.group.id, today=TODAY)
    sent = share(mine, happen(lasting, a_case(lasting), Kind.SENT, TODAY), Scope.STATUS)
    share(mine, a_case(lasting, "pimeyes"), Scope.LETTERS, campaign_id=campaign.id)
    share(mine, a_case(lasting), Scope.ACT)
    page = mine.browser.get("/group/cases")
    assert "All 3" in page.text
    assert "Not sent yet 2" in page.text
    assert "Sent 1" in page.text
    for query, expected in (
        ("status=sent", 1), ("status=filed", 2), ("organisation=pimeyes", 1), ("scope=act", 1),
        (f"campaign={campaign.id}", 1), ("late=y", 0), ("status=sent&scope=act", 0), ("status=nonsense", 3),
    ):  # fmt: skip
        shown = mine.browser.get(f"/group/cases?{query}")
        assert len([one for one in shown.links() if one.startswith("/group/cases/")]) == expected, query
    assert sent.id[:8] in mine.browser.get("/group/cases?status=sent").text
    assert "after=" not in page.answer.text
    for after in ("nonsense", "2026-11-23.", "2026-13-01.x"):
        assert mine.browser.get(f"/group/cases?after={after}").status == 200


def test_a_late_answer_is_late_from_the_day_after_it_was_due(lasting: Flask, clock: Clock) -> None:
    engine = lasting.extensions["rightface"].engine
    mine = at_work(lasting, "Late")
    filed = share(mine, happen(lasting, a_case(lasting), Kind.SENT, TODAY), Scope.STATUS)
    with reading(engine) as session:
        [seen] = group_queue.chosen(session, mine.group.id, [filed.id])
        assert seen.due
        assert group_queue.counts(session, mine.group.id, seen.due).late == 0
        assert not seen.is_late(seen.due)
        day = seen.due + timedelta(days=1)
        assert group_queue.counts(session, mine.group.id, day).late == 1
        assert seen.is_late(day)
    happen(lasting, filed, Kind.ANSWERED, TODAY)
    with reading(engine) as session:
        counts = group_queue.counts(session, mine.group.id, day)
    assert (counts.late, counts.by_status[Status.ANSWERED]) == (0, 1)


# Acting


def test_what_a_group_says_stands_in_the_case_as_said_by_it(lasting: Flask, an_app: AnApp) -> None:
    mine = at_work(lasting, "Doers")
    filed = share(mine, a_case(lasting))
    page = mine.browser.send(mine.browser.get(f"/group/cases/{filed.id}/happened/sent"), {"day": parts("2026-11-23")})
    assert page.path == f"/group/cases/{filed.id}"
    assert "Your group said so." in page.text
    case = held(lasting, filed)
    assert [(one.kind, one.by_group) for one in case.events] == [(Kind.FILED, ""), (Kind.SENT, mine.group.id)]
    assert case.events[1].told
    assert noted(lasting, Action.GROUP_ACTED) == 1
    theirs = Browser(an_app(RIGHTFACE_DATABASE_URL=str(lasting.extensions["rightface"].config.database_url)))
    theirs.send(theirs.get("/case-key"), {"key": written(filed.key)})
    assert "Said by Doers, which you let act for you." in theirs.get(f"/cases/{filed.id}").text


def noted(app: Flask, action: Action) -> int:
    with reading(app.extensions["rightface"].engine) as session:
        return session.exec(select(func.count()).where(TrailRow.action == action.value)).one()


def test_what_cannot_have_happened_is_told_why(lasting: Flask) -> None:
    mine = at_work(lasting, "Wrong doers")
    filed = share(mine, a_case(lasting))
    page = mine.browser.send(mine.browser.get(f"/group/cases/{filed.id}/happened/sent"), {"day": parts("2026-11-01")})
    assert page.status == 422
    assert page.errors == ["The letter is dated later than that: check the day"]
    assert mine.browser.get(f"/group/cases/{filed.id}/happened/nonsense").status == 404
    assert mine.browser.get(f"/group/cases/{filed.id}/happened/decided").path == f"/group/cases/{filed.id}"


def test_a_group_writes_on_and_complains_on_its_mandate(lasting: Flask) -> None:
    mine = at_work(lasting, "Writers")
    filed = share(mine, a_case(lasting))
    happen(lasting, happen(lasting, filed, Kind.SENT, TODAY), Kind.ANSWERED, TODAY)
    ways = mine.browser.get(f"/group/cases/{filed.id}/complain")
    form = mine.browser.get(next(link for link in ways.links("Write this letter") if "eu-gdpr" in link))
    assert form.value("role") == "group"
    assert form.value("writer_name") == "Writers"
    said = {"writer_address": "2 Sample Square\n1020 Sampletown", "declared": "y", "answer": "refused"}
    before = noted(lasting, Action.GROUP_ACTED)
    letter = mine.browser.send(form, said)
    assert letter.heading == "Read your letter"
    assert noted(lasting, Action.GROUP_ACTED) == before + 1
    assert "Writers" in letter.text
    assert "Garante" in letter.text
    bound = mine.browser.get(letter.links("With everything that shows it")[0])
    assert "Cronologia dei fatti" in text_of(bound.answer.data)
    assert mine.browser.get(letter.links("The letter (PDF)")[0]).answer.data.startswith(b"%PDF")
    reply = mine.browser.get(f"/group/cases/{filed.id}/reply")
    answers = mine.browser.send(reply, {"reply": reply.main.xpath(".//input[@name='reply']/@value")[0]})
    assert answers.path.startswith(f"/group/cases/{filed.id}/reply/")
    action = answers.main.xpath(".//form/@action")[0]
    assert mine.browser.post(answers, action).path.startswith(f"/group/cases/{filed.id}/letters/")


def test_several_cases_go_on_together_after_a_preview(lasting: Flask) -> None:
    mine = at_work(lasting, "Together")
    ready = [share(mine, a_case(lasting, name=f"Person {n}")) for n in range(3)]
    gone = share(mine, happen(lasting, a_case(lasting, name="Person 9"), Kind.CLOSED, TODAY))
    seen = share(mine, a_case(lasting, name="Only seen"), Scope.LETTERS)
    ids = (*(one.id for one in (*ready, gone, seen)), "nonsense")
    page = mine.browser.send(mine.browser.get("/group/cases"), {"cases": ids})
    assert "You chose 4 cases." in page.text
    assert "Only seen" not in page.text
    said = {"kind": "sent", "day": parts("2026-11-23")}
    preview = mine.browser.send(page, said, do="show")
    assert "It can be said of 3 cases" in preview.text
    assert "Not of 1 case" in preview.text
    assert {held(lasting, one).status for one in ready} == {Status.FILED}
    done = mine.browser.send(preview, said, do="say")
    assert "It stands in 3 cases now" in done.text
    assert {held(lasting, one).status for one in ready} == {Status.SENT}
    assert held(lasting, gone).status == Status.CLOSED
    pdf = mine.browser.client.post(
        "/group/cases/letters.pdf", data={"csrf_token": token(page), "cases": [one.id for one in ready]}
    )
    text = text_of(pdf.data)
    assert [name for name in ("Person 0", "Person 1", "Person 2", "Only seen") if name in text] == [
        "Person 0", "Person 1", "Person 2"
    ]  # fmt: skip


def test_nothing_is_said_of_several_cases_without_a_day(lasting: Flask) -> None:
    mine = at_work(lasting, "Dayless")
    filed = share(mine, a_case(lasting))
    page = mine.browser.send(mine.browser.get("/group/cases"), {"cases": (filed.id,)})
    page = mine.browser.send(page, {"kind": "sent", "day": ("", "", "")}, do="say")
    assert (page.status, page.errors) == (422, ["Enter the day"])
