"""On which terms the API may be used."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.api.waiting import NAME
from portal.web.house import house
from portal.web.words import Words

#: A heading and a paragraph each; those on the limits come between.
_FIRST: tuple[tuple[Words, Words], ...] = (
    (
        _l("What it is"),
        _l(
            "The law of facial recognition as data: which law answers, who must answer, by when and who polices "
            "it, each with its sources and with how sure we are of it. “check” means that nobody has yet compared it "
            "with the official text. It is no legal advice."
        ),
    ),
    (
        _l("No key, no cookie"),
        _l(
            "Anybody may ask, also a page of another site from a browser. What you ask is not stored. Do not send "
            "what tells who somebody is: nothing here asks for it. The data are free for everybody (CC0 1.0)."
        ),
    ),
    (
        _l("What will not change"),
        _l(
            "All this is v1. Within v1 nothing is removed or changed in its meaning: no address, no parameter, no "
            "field, no value, no type of error. Things can be added: pass over what you do not know. An id is never "
            "used anew. What cannot be kept so becomes v2, beside this one."
        ),
    ),
)
_THEN: tuple[tuple[Words, Words], ...] = (
    (
        _l("Keep what you have"),
        _l(
            "Each answer has an “ETag”. Send it as “If-None-Match”: a 304 then says that nothing has changed. "
            "“catalogue” in each answer is the version of the law data."
        ),
    ),
    (
        _l("Lists"),
        _l(
            "Lists come in pages, in the order of the ids. Follow “next”, which also stands in the header “Link”, "
            "until it is null."
        ),
    ),
    (
        _l("Errors"),
        _l(
            "An error is “application/problem+json” (RFC 9457). Its “type” never changes; “detail” and “errors” say "
            "what to do. A parameter that is not known is an error too: a typing error is never passed over."
        ),
    ),
)


def terms() -> Iterator[tuple[str, str]]:
    """What holds for all of it: a heading and a paragraph each, in the language that is set."""
    yield from ((str(heading), str(text)) for heading, text in _FIRST)
    limit = house().limits[NAME]
    yield (
        _("How often"),
        _(
            "A network (an IPv4 /24, an IPv6 /56) may ask %(times)s times in %(minutes)s minutes. The headers "
            "“RateLimit” and “RateLimit-Policy” say how often it may yet. After that comes a 429 with “Retry-After”. "
            "No network address is kept: they are counted under a key that is made anew each day.",
            times=limit.times,
            minutes=int(limit.within.total_seconds()) // 60,
        ),
    )
    yield from ((str(heading), str(text)) for heading, text in _THEN)
