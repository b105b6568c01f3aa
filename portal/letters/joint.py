"""The letter that introduces a complaint of many: a group makes it, on the mandate of each."""

from dataclasses import replace

from portal.law.catalogue import Catalogue
from portal.law.routing import Option, mandate_for
from portal.letters import blocks
from portal.letters.compose import NoLetter, Request, Templates, compose, is_drafted, legal_basis, written_in
from portal.letters.letter import Letter

_NAME = "joint"


def language_of(catalogue: Catalogue, templates: Templates, option: Option) -> str:
    """The language of the whole: the authority's own, where both this letter and each one's are written in it.

    Else English. Raises NoLetter where no complaint is written.
    """
    there = templates.languages("shared", _NAME)
    written = written_in(catalogue, templates, option)
    return next((one for one in written if one in there and not is_drafted(catalogue, one)), "en")


def joint(catalogue: Catalogue, templates: Templates, request: Request, people: int) -> Letter:
    """The letter, filled, in the language of the request.

    Raises NoLetter where the law has no mandate for it, or it is not written in that language.
    """
    given = mandate_for(catalogue, request.option)
    if given is None:
        raise NoLetter("the law has no mandate for this letter: each complains alone")
    language, body = request.language, request.situation.organisation
    cite = legal_basis(catalogue, request.option, language)
    told = {"cite": cite, "mandate": given.cite[language], "bodies": given.bodies[language], "people": people}
    values = {
        "organisation": body.name.get(language, body.name["en"]),
        "organisation_address": ", ".join(body.contact.address[1:]),
        "writer_name": request.sender.writer_name,
    }
    filled = blocks.fill(blocks.parse(templates.render("shared", _NAME, language, told)), values)
    nobody = replace(request.sender, details={"full_name": "-"})  # whom a page is for that this letter has not
    letter = compose(catalogue, templates, replace(request, sender=nobody, text=blocks.text(filled)))
    return replace(letter, to_sign=None)
