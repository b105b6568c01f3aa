"""Our own notes, in which the ids of other records become links to them."""

import re
from collections.abc import Mapping

from flask import url_for
from markupsafe import Markup

from portal.web.house import house
from portal.web.journey import said
from portal.web.kinds import KINDS, record_of, spoken
from portal.web.language import current
from portal.web.words import REPLIES

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_POINTED_AT = ("deadlines", "laws")


def pointed(words: Mapping[str, str]) -> Markup:
    """A text in the language of the page; an id of a deadline, a law or an argument in it is a link, in words."""
    return Markup(_ID.sub(_link, said(words)))  # noqa: S704 - `said` has escaped it, and no id needs escaping


def _link(found: re.Match[str]) -> str:
    id_ = found[0]
    for kind in _POINTED_AT:
        if record := record_of(kind, id_):
            return _to(url_for("reference.record", kind=kind, id_=id_), KINDS[kind].name(record), spoken(record))
    if argument := house().catalogue.arguments.get(id_):
        address = url_for("reference.record", kind="laws", id_=argument.laws[0], _anchor=argument.reply.value)
        return _to(address, str(REPLIES[argument.reply]))
    return id_


def _to(address: str, words: str, language: str = "") -> str:
    return Markup('<a href="{}" lang="{}">{}</a>').format(address, language or current(), words)
