"""Bringing members: a file is looked at, and told what is wrong; its good rows are filed when the group says so."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.accounts.groups import Group
from portal.cases import campaigns, group_queue
from portal.cases import imports as lists
from portal.cases.campaigns import Campaign
from portal.cases.drafts import Draft
from portal.cases.filing import Filing, Wish, alike
from portal.cases.group_queue import Wanted
from portal.cases.group_sharing import READS
from portal.cases.imports import MOST_ROWS, By, Content, Import, Member, NotInTurn
from portal.cases.status import Status
from portal.database import erasing, reading, transaction
from portal.law.records import Organisation, Right
from portal.letters.compose import asks_contact
from portal.trail import Action
from portal.vault import Key
from portal.web import limits, words
from portal.web.filing import to_file
from portal.web.forms.group import AskedForm, BringForm
from portal.web.forms.staff import PressForm
from portal.web.house import house
from portal.web.journey import by_name, named, offered, page_date
from portal.web.letter import written_from
from portal.web.spreadsheet import MARK, Table, Unreadable, read, written
from portal.web.staff.desk import asking, half
from portal.web.staff.group.members import COLUMNS, MANDATE, NO_TABLE, PLACE, Look, columns
from portal.web.staff.group.membership import opened_group
from portal.web.staff.noting import note_members
from portal.web.staff.queue import organisation_words
from portal.web.words import RIGHTS

blueprint = Blueprint("group_imports", __name__)

#: So many are filed in one step: it takes a second or two.
PORTION = 25
#: So many rows with errors are shown; all of them are in the file.
MOST_SHOWN = 100
#: So many letters are printed as one PDF.
PRINTED = 100


@blueprint.get("/group/import")
def imports() -> ResponseReturnValue:
    """What was brought lately, and to whom the next members write."""
    group, _key = opened_group()
    form = _asked(group)
    if form.is_submitted_by_get and form.validate() and _fits(group, form):
        asked = {name: form[name].data for name in ("campaign", "organisation", "right") if form[name].data}
        return redirect(url_for("group_imports.bring", **asked))
    with reading(house().engine) as session:
        brought = lists.of_group(session, group.id)
    return render_template("staff/group/cases/imports.html", form=form, brought=brought, **_words()), (
        422 if form.errors else 200
    )


def _asked(group: Group) -> AskedForm:
    """To whom they write for what, as the address says it."""
    with reading(house().engine) as session:
        mine = campaigns.of_group(session, group.id)
    form = AskedForm(MultiDict(request.args) if "organisation" in request.args else None)
    rights = {one.value: said for one, (said, _hint) in RIGHTS.items()}
    form.offer({one.id: one.said.title for one in mine}, by_name(_bodies()), rights)
    return form


def _bodies() -> Iterator[Organisation]:
    """The organisations that are one, still there, and whose address we know."""
    for body in house().catalogue.organisations.values():
        if not (body.generic or body.ended or asks_contact(house().catalogue, body.id, body)):
            yield body


def _fits(group: Group, form: AskedForm) -> bool:
    """Whether it makes sense to ask them for it, and the campaign is about that; else the form says what does not."""
    if Right(form.right.data) not in offered(house().catalogue.organisations[form.organisation.data]):
        form.right.errors = [_("They cannot be asked for this")]
    campaign = _campaign(group, form.campaign.data)
    if campaign and form.organisation.data not in campaign.said.organisations:
        form.organisation.errors = [_("The campaign is not about this organisation")]
    elif campaign and form.right.data != campaign.said.right:
        form.right.errors = [_("The campaign asks for something else")]
    return not form.errors


def _campaign(group: Group, id_: str | None) -> Campaign | None:
    """One of the group's own."""
    with reading(house().engine) as session:
        found = campaigns.get(session, id_) if id_ else None
    return found if found and found.group_id == group.id else None


# The file


@blueprint.route("/group/import/new", methods=["GET", "POST"])
def bring() -> ResponseReturnValue:
    """Choose the file; it is looked at, and nothing is filed."""
    group, key = opened_group()
    asked = _asked(group)
    if not (asked.is_submitted_by_get and asked.validate() and _fits(group, asked)):
        return redirect(f"{url_for('group_imports.imports')}?{request.query_string.decode()}")
    body, right = house().catalogue.organisations[asked.organisation.data], Right(asked.right.data)
    form = BringForm()
    if form.validate_on_submit():
        limits.attempt("upload")
        table = _table(form)
        if table:
            look = Look(group, body, right, form.address.data or "", known=_known(group, key, body, right))
            found = _brought(group, asked.campaign.data or None, look.content(table), body, right)
            return redirect(url_for("group_imports.one", id_=found))
    return render_template(
        "staff/group/cases/bring.html",
        form=form,
        body=body,
        right=right,
        named=named,
        columns=columns(body, right),
        asked={name: asked[name].data for name in ("campaign", "organisation", "right")},
        most=MOST_ROWS,
        **_words(),
    ), (422 if form.errors else 200)


def _table(form: BringForm) -> Table | None:
    """What the file holds; None where it is no table, and the form says why."""
    try:
        table = read(form.file.data.read())
    except Unreadable as error:
        form.file.errors = [NO_TABLE[error.why]]
        return None
    missing = [one for one in ("full_name", PLACE, MANDATE) if one not in table.columns]
    if missing:
        form.file.errors = [_("These columns are missing: %(columns)s", columns=", ".join(missing))]
    elif not table.rows:
        form.file.errors = [_("Below the heading there is no row")]
    elif len(table.rows) > MOST_ROWS:
        form.file.errors = [_("The file has more than %(most)s rows. Divide it.", most=MOST_ROWS)]
    return None if form.file.errors else table


def _known(group: Group, key: Key, body: Organisation, right: Right) -> Mapping[str, Sequence[Draft]]:
    """Whom the group has a case of already that asks the same, by what is the same for people of one name."""
    found: dict[str, list[Draft]] = {}
    after = None
    while True:
        with reading(house().engine) as session:
            page = group_queue.page(session, Wanted(group.id, organisation=body.id), after, group_queue.MANY)
            mine = [one for one in page.cases if one.share.scope in READS and one.case.right == right.value]
            ids = [one.case.id for one in mine if one.case.status != Status.CLOSED]
            opened_ = group_queue.opened(session, ids, group.id, key)
        for draft in opened_.values():
            found.setdefault(alike(draft, house().config.lookup_key), []).append(draft)
        if page.after is None:
            return found
        after = page.after


def _brought(group: Group, campaign: str | None, content: Content, body: Organisation, right: Right) -> str:
    with transaction(house().engine) as session:
        id_ = lists.bring(session, group, campaign, (body.id, right.value), content, house().today())
        note_members(session, asking(), Action.MEMBERS_BROUGHT, id_)
    return id_


@blueprint.get("/group/import/members.csv")
def template() -> ResponseReturnValue:
    """The heading of the file, to be filled in."""
    group, _key = opened_group()
    asked = _asked(group)
    if not (asked.is_submitted_by_get and asked.validate()):
        raise NotFound
    body, right = house().catalogue.organisations[asked.organisation.data], Right(asked.right.data)
    return _csv("members.csv", [columns(body, right)])


def _csv(name: str, rows: Sequence[Sequence[str]]) -> Response:
    answer = Response(MARK + written(rows), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


# A list


@blueprint.get("/group/import/<id_>")
def one(id_: str) -> ResponseReturnValue:
    """What was found in it; once the group has said so, how far the filing is."""
    found, content = brought(id_)[1:]
    page = "progress" if found.confirmed else "look"
    return render_template(
        f"staff/group/cases/{page}.html",
        found=found,
        content=content,
        bad=content.bad[:MOST_SHOWN],
        on="paused" not in request.args and found.confirmed and not found.is_done,
        parts=parts_of(found),
        press=PressForm(),
        **_words(),
    )


def brought(id_: str) -> tuple[Group, Import, Content]:
    """A list of this group's with what is in it; no page where it is another's, or gone."""
    group, key = opened_group()
    with reading(house().engine) as session:
        found = lists.get(session, id_, group.id)
        if found is None:
            raise NotFound
        return group, found, lists.opened(session, id_, key)


def parts_of(found: Import) -> range:
    """The numbers of the parts in which what is filed is printed."""
    return range(1, -(-found.filed // PRINTED) + 1) if found.is_done else range(0)


@blueprint.get("/group/import/<id_>/errors.csv")
def errors(id_: str) -> ResponseReturnValue:
    """The rows with errors as they came, and beside them what is wrong: put right, they can be brought again."""
    content = brought(id_)[2]
    return _csv("errors.csv", [("row", "errors", *content.columns), *_bad(content)])


def _bad(content: Content) -> Iterator[Sequence[str]]:
    for one in content.bad:
        said = "; ".join(f"{at}: {why}" if at else why for at, why in one.errors)
        yield (str(one.row), said, *(one.cells.get(name, "") for name in content.columns))


@blueprint.post("/group/import/<id_>/confirm")
def confirm(id_: str) -> ResponseReturnValue:
    """The group has looked at it: its rows are to be filed."""
    found = brought(id_)[1]
    if PressForm().validate_on_submit() and found.ready:
        with transaction(house().engine) as session:
            lists.confirm(session, id_)
    return redirect(url_for("group_imports.one", id_=id_))


@blueprint.post("/group/import/<id_>/on")
def go_on(id_: str) -> ResponseReturnValue:
    """File the next ones; what another window files meanwhile is not filed again."""
    group, found, content = brought(id_)
    if PressForm().validate_on_submit() and found.confirmed and not found.is_done:
        portion = [_prepared(group, found, content, one) for one in _next(found, content)]
        try:
            with transaction(house().engine) as session:
                lists.file(session, id_, found.filed, portion)
                note_members(session, asking(), Action.MEMBERS_FILED, id_)
        except NotInTurn:
            pass
    return redirect(url_for("group_imports.one", id_=id_))


def _next(found: Import, content: Content) -> Sequence[Member]:
    return content.members[found.filed : found.filed + PORTION]


def _prepared(group: Group, found: Import, content: Content, member: Member) -> Filing:
    """A member's case, ready to be kept."""
    letter = to_file(written_from("", member.draft, member.draft.organisation))
    note = _("Mandate signed on %(day)s; %(group)s has it.", day=_signed(member), group=group.name)
    by, key = By(group, found, member, note), lists.key_of(content, found.id, member)
    config, version = house().config, house().catalogue.version
    return lists.prepared(
        key, config.lookup_key, letter, by, house().today(member.draft.place), version, Wish(desk=half())
    )


def _signed(member: Member) -> str:
    return page_date(date.fromisoformat(member.mandate))


@blueprint.post("/group/import/<id_>/delete")
def delete(id_: str) -> ResponseReturnValue:
    """Delete the list; what is filed stays."""
    brought(id_)
    if PressForm().validate_on_submit():
        with erasing(house().engine) as session:
            lists.drop(session, id_)
    return redirect(url_for("group_imports.imports"))


def _words() -> Mapping[str, Any]:
    return {
        "organisation_words": organisation_words,
        "right_words": lambda right: RIGHTS[right][0] if right in RIGHTS else right,
        "DETAILS": words.DETAILS,
        "COLUMNS": COLUMNS,
        "KEPT": lists.KEPT,
    }
