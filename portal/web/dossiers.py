"""A complaint of a case with its chronology and its exhibits, to be sent as one."""

from collections.abc import Iterator, Sequence

from flask import Blueprint
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.cases import following
from portal.cases.attaching import Attached, Shows
from portal.cases.following import Case, Copy
from portal.cases.status import Kind
from portal.dossier.dossier import Dossier, Event, Exhibit, words_of
from portal.law.records import Language
from portal.letters.completeness import OF_EVENT
from portal.letters.compose import authority_named, day_in_words, variant_of
from portal.letters.kept import Made
from portal.web import limits
from portal.web.attaching import paper_of
from portal.web.cases import own_case
from portal.web.house import house
from portal.web.shown import Shown, as_shown, copy_of, is_to_authority
from portal.web.zips import Member, as_zip

blueprint = Blueprint("dossiers", __name__)


@blueprint.get("/cases/<id_>/letters/<letter>/dossier.pdf")
def bound(id_: str, letter: str) -> Response:
    """The complaint, what happened, and what shows it, as one PDF."""
    limits.attempt("render")
    return as_dossier(own_case(id_), letter)


def as_dossier(case: Case, letter: str) -> Response:
    """A complaint of a case as one PDF; no page where the letter is none."""
    pdf = house().binder.pdf(dossier_of(case, _complaint(case, letter)))
    answer = Response(pdf, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="dossier.pdf")
    return answer


@blueprint.get("/cases/<id_>/letters/<letter>/originals.zip")
def originals(id_: str, letter: str) -> Response:
    """The files of others as they were attached, by the number of their exhibit."""
    limits.attempt("render")
    return as_originals(own_case(id_), letter)


def as_originals(case: Case, letter: str) -> Response:
    """The files of others in a complaint of a case."""
    return as_zip("originals.zip", _originals(case, _complaint(case, letter)))


def _complaint(case: Case, letter: str) -> Copy:
    """A complaint or an appeal of this case; no page where it is none."""
    copy = copy_of(case, letter)
    if not is_to_authority(copy) or copy.replaced_on:
        raise NotFound
    return copy


def dossier_of(case: Case, copy: Copy) -> Dossier:
    """In the language of the complaint."""
    return bound_with(case, copy.made, _letters(case, copy))


def bound_with(case: Case, made: Made, before: Sequence[Copy]) -> Dossier:
    """A complaint with what happened in its case, the letters that were written before it, and what shows it."""
    language = house().catalogue.written_in(made.letter.language)
    letters = [Exhibit(one.subject, one.made.letter) for one in before]
    papers = [Exhibit(language.shown[one.shows], paper_of(case, one).content) for one in _papers(case)]
    events = tuple(_events(as_shown(case), language))
    words = words_of(language, case.place)
    return Dossier(made.letter, words, events, (*letters, *papers), made.cover)


def _letters(case: Case, copy: Copy) -> list[Copy]:
    """What was written to the organisation before the complaint, as it was made."""
    return to_organisation(case.letters[: case.letters.index(copy)])


def to_organisation(letters: Sequence[Copy]) -> list[Copy]:
    """Those of them that went to the organisation itself."""
    return [one for one in letters if not is_to_authority(one)]


def _papers(case: Case) -> list[Attached]:
    """What was attached; no copy of an identity document, which an authority asks for where it needs one."""
    return [one for one in case.papers if one.shows is not Shows.IDENTITY]


def _events(shown: Shown, language: Language) -> Iterator[Event]:
    """What happened, by its day, as far as it is for an authority."""
    variant = variant_of(house().catalogue, language, shown.case.place)
    for event in sorted(shown.case.events, key=lambda one: one.day):
        words = _words(shown, event, language)
        if words:
            yield Event(day_in_words(event.day, variant), words)


def _words(shown: Shown, event: following.Event, language: Language) -> str:
    """An event in the words of a language; "" where it is not for an authority."""
    way = next((one for one in shown.clock.complaints if one.way == event.way), None) if event.way else None
    if way and way.to_organisation:
        return language.happened[Kind.REPLIED]
    words = language.decided[event.outcome] if event.outcome else language.happened.get(event.kind, "")
    known = authority_named(house().catalogue, way.option.addressee, language) if way and way.option else None
    words = words if known else words.replace(OF_EVENT[0], "")
    name = known.name.partition(" (")[0] if known else ""  # it stands in brackets itself
    return words.replace("{authority}", name).replace("{number}", event.number)


def _originals(case: Case, copy: Copy) -> Iterator[Member]:
    """Unchanged, as what is drawn into a dossier shows less than the file itself."""
    for n, one in enumerate(_papers(case), start=len(_letters(case, copy)) + 1):
        yield f"{n:02}-{one.name}", paper_of(case, one).content
