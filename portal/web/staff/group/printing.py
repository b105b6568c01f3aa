"""Printing what was filed for members: their letters, and for each the sheet with the key to their case."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.accounts.groups import Group
from portal.cases import filing, group_sharing
from portal.cases import imports as lists
from portal.cases.case_key import CaseKey, written
from portal.cases.following import Case
from portal.cases.imports import Content, Import, Member
from portal.database import reading
from portal.letters import compose
from portal.letters.blocks import Body, Items, Paragraph, Table
from portal.letters.details import lines_of
from portal.letters.letter import Letter
from portal.web import limits
from portal.web.house import house
from portal.web.journey import page_date
from portal.web.language import current
from portal.web.staff.desk import desk
from portal.web.staff.group.imports import PRINTED, brought, parts_of
from portal.web.staff.group.membership import opened_group
from portal.web.staff.queue import organisation_words

blueprint = Blueprint("group_printing", __name__)


@blueprint.get("/group/import/<id_>/letters-<int:part>.pdf")
def letters(id_: str, part: int) -> ResponseReturnValue:
    """The letters of a part, each behind its cover, in the order in which they are posted."""
    group, found, content = brought(id_)
    made = [case.made for _member, _key, case in _cases(group, found, content, part)]
    return _pdf(f"letters-{part}.pdf", [one for each in made for one in (each.cover, each.letter) if one])


@blueprint.get("/group/import/<id_>/keys-<int:part>.pdf")
def keys(id_: str, part: int) -> ResponseReturnValue:
    """The same people's sheets, in the same order: each with the key to their case."""
    group, found, content = brought(id_)
    cases = _cases(group, found, content, part)
    return _pdf(f"keys-{part}.pdf", [_sheet(group, found, member, key, case) for member, key, case in cases])


def _pdf(name: str, sheets: Sequence[Letter]) -> Response:
    limits.attempt("render")
    if not sheets:
        raise NotFound
    answer = Response(desk().press.together(sheets), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _cases(group: Group, found: Import, content: Content, part: int) -> Sequence[tuple[Member, CaseKey, Case]]:
    """A part of those that were filed; left out is who took the case back, erased it or has made a new key."""
    if part not in parts_of(found):
        raise NotFound
    posted = sorted(content.members[: found.filed], key=_in_the_post)[PRINTED * (part - 1) : PRINTED * part]
    keyed = {filing.lookup(key, house().config.lookup_key): (one, key) for one, key in _keyed(found, content, posted)}
    _group, private = opened_group()
    with reading(house().engine) as session:
        ids = lists.case_ids(session, [*keyed])
        read = group_sharing.open_for_group(session, [*ids.values()], group.id, private)
    by_id = {case.id: case for case in read}
    return [(*keyed[at], by_id[ids[at]]) for at in keyed if at in ids and ids[at] in by_id]


def _keyed(found: Import, content: Content, members: Sequence[Member]) -> Iterator[tuple[Member, CaseKey]]:
    yield from ((one, lists.key_of(content, found.id, one)) for one in members)


def _in_the_post(member: Member) -> tuple[Any, ...]:
    """Letters by one law and from one country lie together, those from one town beside each other."""
    draft = member.draft
    return draft.law, draft.place, lines_of(draft.details.get("address", ""))[-1:], draft.details["full_name"]


def _sheet(group: Group, found: Import, member: Member, key: CaseKey, case: Case) -> Letter:
    """A letter of the group to its member, in the language of the page."""
    draft, language = member.draft, house().catalogue.languages[current()]
    variant = compose.variant_of(house().catalogue, language, draft.place)
    name = draft.details["full_name"]
    return replace(
        case.made.letter,
        language=compose.tag_of(variant["locale"]),
        sender=(group.name, *lines_of(draft.writer_address)),
        addressee=(name, *lines_of(draft.details.get("address", ""))),
        written_day=compose.day_in_words(case.made.letter.day, variant),
        salutation=_("Dear %(name)s,", name=name),
        body=_words(group, found, key, case),
        close=_("Kind regards,"),
        signatory=group.name,
        labels=compose.labels_of(language, variant),
        reference="",
        their_reference="",
        to_sign=None,
    )


def _words(group: Group, found: Import, key: CaseKey, case: Case) -> Body:
    """What was done, what the key is for, and what it is not to be used for."""
    said = {"group": group.name, "organisation": organisation_words(found.organisation)}
    rows = ((_("Your case key"), written(key)), (_("Where to type it"), f"{house().config.public_url}/case-key"))
    points = (
        _("Keep it where only you look. Whoever has it can read your case; nobody can give it to you again."),
        _("There you see your letter, what has happened, and until when an answer is due."),
        _("There you can also take back at any time that %(group)s acts for you, or erase the case.", **said),
        _("Make a new key there: then this sheet opens nothing any more, whoever finds it."),
    )
    return Body(
        subject=(_("The key to your case"),),
        blocks=(
            Paragraph(
                (_("%(group)s has written a letter to %(organisation)s for you, as you asked it to.", **said),)
            ),
            Table(tuple(((label,), (value,)) for label, value in rows)),
            Items(tuple((point,) for point in points)),
            Paragraph((_("If nobody uses the case, it is erased on %(day)s.", day=page_date(case.forget_on)),)),
        ),
    )
