"""Members as a file tells of them: each row looked at as the form of a letter would be, and told what is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from portal.accounts.groups import Group
from portal.cases import filing
from portal.cases.drafts import Draft
from portal.cases.imports import Bad, Content, Member
from portal.law.places import countries
from portal.law.records import Organisation, Right
from portal.law.routing import Option, Outcome, Situation, mandate_for, route
from portal.letters import compose
from portal.letters.blocks import Refusal
from portal.letters.compose import NoLetter, Role
from portal.letters.details import DETAILS, Asked, Kind
from portal.letters.fonts import unsupported
from portal.web.forms.letter import DetailsForm, details_kind
from portal.web.house import house
from portal.web.language import current, refused
from portal.web.letter import bodies_of, written_from
from portal.web.spreadsheet import Row, Table, Why
from portal.web.words import Words

#: The columns that no letter has, and that each row needs.
PLACE, MANDATE, JOINT = "place", "mandate_date", "joint"
#: What stands in them, and how it is written.
COLUMNS: Mapping[str, tuple[Words, Words]] = {
    PLACE: (_l("Where they live"), _l("Two letters of the country: AT. With a region: CA-QC.")),
    MANDATE: (_l("The day on which they signed that you may write for them"), _l("As 2026-11-23.")),
    JOINT: (_l("Whether they agree to be in a complaint of many"), _l("Yes or no; empty is no.")),
}
#: What tells two people of one name apart.
_APART = ("date_of_birth", "email")
_YES = {"yes", "y", "oui", "1", "true", "ja", "sì", "si", "sí"}
_NO = {"no", "n", "non", "0", "false", "nein", ""}

#: Why a file is no table, and what to do.
NO_TABLE: Mapping[Why, Words] = {
    Why.EMPTY: _l("The file is empty. Choose it again."),
    Why.NOT_TEXT: _l("This is no CSV file. In your spreadsheet choose “Save as”, then “CSV UTF-8”."),
    Why.BROKEN: _l("The file breaks off inside a quoted cell. Save it as CSV again."),
    Why.TWICE: _l("Two columns are called the same. Keep one of them."),
}


@dataclass(frozen=True)
class Way:
    """How the letter of everybody in one place goes: by which option, who writes, what must be told."""

    option: Option
    role: Role
    form: type[DetailsForm]
    asked: Sequence[Asked]


@dataclass
class Look:
    """A group looks at what it brings, before anything is filed."""

    group: Group
    body: Organisation
    right: Right
    address: str
    """Of the group, where a letter that it writes on a mandate has its answer sent."""
    known: Mapping[str, Sequence[Draft]] = field(default_factory=dict)
    """What it has among its cases already, by what is the same for people of one name."""
    _ways: dict[str, Way | None] = field(default_factory=dict)
    _seen: dict[str, list[Member]] = field(default_factory=dict)
    _written: dict[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def content(self, table: Table) -> Content:
        """The rows that can be filed and those that cannot; no column goes on that no letter needs."""
        kept = [one for one in columns(self.body, self.right) if one in table.columns]
        members: list[Member] = []
        bad: list[Bad] = []
        for row in table.rows:
            found = self._row(row)
            if isinstance(found, Member):
                members.append(found)
            else:
                bad.append(Bad(row.number, {name: row.cells[name] for name in kept}, tuple(found)))
        return Content(tuple(kept), tuple(members), tuple(bad))

    def _row(self, row: Row) -> Member | list[tuple[str, str]]:
        """Somebody to file for, or what is wrong with the row."""
        errors = [*self._around(row)]
        place = row.cells.get(PLACE, "").strip().lower()
        way = self._way(place) if house().catalogue.exists(place) else None
        if not way:
            said = _("We have no letter for this from there") if house().catalogue.exists(place) else _NO_PLACE
            return [(PLACE, str(said)), *errors]
        form = way.form(formdata=_typed(row.cells, way), meta={"csrf": False})
        if not form.validate():
            errors += [(one.name, str(one.errors[0])) for one in form if one.errors]
        if errors:
            return errors
        member = Member(row.number, self._draft(place, way, form), _is_yes(row.cells), _day(row.cells))
        return [*self._again(member), *_strange(member), *self._unwritten(member)] or self._kept(member)

    def _kept(self, member: Member) -> Member:
        self._seen.setdefault(self._alike(member.draft), []).append(member)
        return member

    def _around(self, row: Row) -> Iterator[tuple[str, str]]:
        """What is wrong around the details."""
        if row.more:
            yield "", _("The row has more cells than the heading has columns")
        signed = row.cells.get(MANDATE, "")
        if not signed:
            yield MANDATE, _("Enter the day on which this person signed that you may write for them")
        elif not _day(row.cells):
            yield MANDATE, _("Enter the day as 2026-11-23")
        elif not date(1990, 1, 1) <= date.fromisoformat(_day(row.cells)) <= house().today():
            yield MANDATE, _("Enter a day that is not in the future")
        if row.cells.get(JOINT, "").casefold() not in _YES | _NO:
            yield JOINT, _("Enter yes or no")

    def _way(self, place: str) -> Way | None:
        """The most direct way from a place in a letter that is written; worked out once a place."""
        if place not in self._ways:
            self._ways[place] = next(ways(self.body, self.right, place, self.group.mandated), None)
        return self._ways[place]

    def _draft(self, place: str, way: Way, form: DetailsForm) -> Draft:
        return Draft(
            place=place,
            organisation=self.body.id,
            right=self.right.value,
            law=way.option.way,
            role=way.role.value,
            writer_name=self.group.name,
            writer_address=self.address if way.role is Role.GROUP else "",
            details=form.values(),
        )

    def _again(self, member: Member) -> Iterator[tuple[str, str]]:
        """Whether this person stands in the file, or among the group's cases, already."""
        alike = self._alike(member.draft)
        twin = next((one for one in self._seen.get(alike, ()) if _is_same(one.draft, member.draft)), None)
        if twin:
            yield "full_name", _("The same person stands in row %(row)s", row=twin.row)
        elif any(_is_same(one, member.draft) for one in self.known.get(alike, ())):
            yield "full_name", _("You already have a case of this person about this organisation")

    def _unwritten(self, member: Member) -> Sequence[tuple[str, str]]:
        """Whether no letter can be written from there; tried once a place, as the details are looked at before."""
        if member.draft.place not in self._written:
            self._written[member.draft.place] = [*_unwritten(member)]
        return self._written[member.draft.place]

    def _alike(self, draft: Draft) -> str:
        return filing.alike(draft, house().config.lookup_key)


_NO_PLACE = _l("Enter where this person lives, as two letters: AT, or with a region, CA-QC")


def _is_same(one: Draft, other: Draft) -> bool:
    """Whether two of one name are one: nothing that both gave tells them apart."""
    pairs = ((one.details.get(name, ""), other.details.get(name, "")) for name in _APART)
    return not any(mine and theirs and mine.casefold() != theirs.casefold() for mine, theirs in pairs)


def _unwritten(member: Member) -> Iterator[tuple[str, str]]:
    try:
        written_from("", member.draft, member.draft.organisation)
    except Refusal as error:
        yield "", refused(error)
    except NoLetter:
        yield PLACE, _("We have no letter for this from there")


def _strange(member: Member) -> Iterator[tuple[str, str]]:
    """Whether the letter would have signs that it cannot show."""
    strange = unsupported("".join(member.draft.details.values()))
    if strange:
        yield "", _("The letter cannot show these signs: %(signs)s", signs=" ".join(strange))


def _typed(cells: Mapping[str, str], way: Way) -> MultiDict[str, str]:
    """A row as the form of the letter would be sent."""
    typed = MultiDict({one.name: _as_typed(one, cells.get(one.name, "")) for one in way.asked})
    typed["role"], typed["writer_name"], typed["declared"] = way.role.value, "-", "y"
    typed["writer_address"] = "-"
    return typed


def _as_typed(one: Asked, cell: str) -> str:
    """A day as the form reads it; any other detail as it is."""
    return _iso(cell) or cell if one.detail.kind is Kind.DAY else cell


def _day(cells: Mapping[str, str]) -> str:
    return _iso(cells.get(MANDATE, ""))


def _iso(cell: str) -> str:
    """A day as ISO text; also where it was written as 31.3.1990, which nobody reads in two ways. "" for any other."""
    found = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", cell)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(cell)
    except ValueError:
        return ""
    return day.isoformat()


def _is_yes(cells: Mapping[str, str]) -> bool:
    return cells.get(JOINT, "").casefold() in _YES


def ways(body: Organisation, right: Right, place: str, mandated: bool) -> Iterator[Way]:
    """The ways from a place by which a group can write, the most direct first."""
    catalogue = house().catalogue
    for option in route(catalogue, Situation(place, body, right)).options:
        try:
            compose.written_in(catalogue, house().templates, option)
        except NoLetter:
            continue
        if option.outcome is Outcome.NOT_ELIGIBLE:
            continue
        mandate = mandate_for(catalogue, option) if mandated else None
        asked = compose.asks(catalogue, option)
        form = details_kind(asked, False, house().today(place), bodies=bodies_of(mandate))
        yield Way(option, Role.GROUP if mandate else Role.AGENT, form, asked)


def columns(body: Organisation, right: Right) -> tuple[str, ...]:
    """All that a letter to them may need, from wherever somebody writes, in the order in which it is asked."""
    asked: set[str] = set()
    for place in house().catalogue.jurisdictions.keys() & countries(current()).keys():
        for way in ways(body, right, place, mandated=False):
            asked |= {one.name for one in way.asked}
            break
    return (PLACE, MANDATE, JOINT, *(name for name in DETAILS if name in asked))
