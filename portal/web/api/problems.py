"""What went wrong, told to programs as RFC 9457 has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Response
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, NotFound

from portal.limits import TooMany
from portal.web.api.answers import Mistake, Problem
from portal.web.api.questions import BadQuestion
from portal.web.api.waiting import limit_headers
from portal.web.headers import API_PAGE
from portal.web.words import Words

MIMETYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: its name in `type`, which never changes, its title, and what it means."""

    name: str
    title: str
    means: Words

    @property
    def type(self) -> str:
        return f"{API_PAGE}#{self.name}"


#: By status. What is not here is REFUSED.
PROBLEMS: Mapping[int, ProblemKind] = {
    400: ProblemKind(
        "bad-parameter",
        "A parameter cannot be read",
        _l("A parameter is missing, is not known, is given twice, or cannot be read. “errors” says what to do."),
    ),
    404: ProblemKind(
        "not-found",
        "There is nothing at this address",
        _l("The address is not one of these, or there is no record of this id."),
    ),
    405: ProblemKind(
        "wrong-method",
        "This address can only be read",
        _l("Everything here can only be read. The header “Allow” says how."),
    ),
    422: ProblemKind(
        "does-not-fit",
        "The parameters do not go together",
        _l("Each parameter is right by itself, but they do not go together, or are too few to count a day."),
    ),
    429: ProblemKind(
        "too-many-requests",
        "Too many requests from one network",
        _l("Your network has asked too often. The header “Retry-After” says for how many seconds to wait."),
    ),
    500: ProblemKind(
        "broken",
        "Something broke on our side",
        _l("It is not your fault. Ask again later, and tell us if it stays so."),
    ),
}
REFUSED = ProblemKind(
    "refused", "The request was refused", _l("The request is not one that this server can read: see its status.")
)

_DETAILS: Mapping[int, str] = {
    404: "There is nothing at this address. /api/v1 lists all that there is, and /api/v1/docs explains it.",
    405: "Ask this address with GET or HEAD.",
    500: "Something broke on our side. Ask again later; if it stays so, tell us: /contact says how.",
}


def problem(
    status: int, detail: str, errors: Iterable[Mistake] = (), headers: Mapping[str, str] | None = None
) -> Response:
    kind = PROBLEMS.get(status, REFUSED)
    told = Problem(type=kind.type, title=kind.title, status=status, detail=detail, errors=tuple(errors))
    return Response(told.model_dump_json() + "\n", status, mimetype=MIMETYPE, headers=headers)


def of_http(error: HTTPException, headers: Iterable[tuple[str, str]]) -> Response:
    """An error of the web; where one of ours says what to do, in its words."""
    code = error.code or 500
    ours = isinstance(error, NotFound) and error.description != NotFound.description
    detail = error.description if ours else _DETAILS.get(code, "Look at the request: /api/v1/docs says how to ask.")
    return problem(code, detail or "", headers=dict(headers))


def of_haste(refused: TooMany) -> Response:
    """The network has asked too often."""
    detail = f"Your network has asked too often. Ask again in {refused.retry_after} seconds."
    headers = {"Retry-After": str(refused.retry_after), **limit_headers(0, refused.retry_after)}
    return problem(429, detail, headers=headers)


def of_question(error: BadQuestion) -> Response:
    """Parameters that cannot be read, or do not go together."""
    names = ", ".join(dict.fromkeys(one.parameter for one in error.errors))
    detail = f"Look at {names}: “errors” says what to do with each."
    return problem(422 if error.fits else 400, detail, error.errors)


def of_break() -> Response:
    """What we did not foresee, without its words."""
    return problem(500, _DETAILS[500])
