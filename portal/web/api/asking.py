"""The addresses of the API: a question is read, answered, and given out as named bytes."""

from hashlib import sha256

from flask import Blueprint, Response, g, json, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from portal.web import limits
from portal.web.api import problems
from portal.web.api.answers import RECORDS, Paged
from portal.web.api.document import document
from portal.web.api.operations import ROOT, operations
from portal.web.api.questions import BadQuestion, Question, read
from portal.web.api.waiting import NAME, limit_headers
from portal.web.house import house

blueprint = Blueprint("api", __name__, url_prefix=ROOT)


@blueprint.before_request
def _count() -> None:
    """Each question is counted; that a browser asks first whether it may is not."""
    if request.method != "OPTIONS":
        g.left = limits.attempt(NAME)


@blueprint.after_request
def _tell(answer: Response) -> Response:
    if "left" in g:
        answer.headers.update(limit_headers(g.left.times, g.left.seconds))
    return answer


blueprint.register_error_handler(BadQuestion, problems.of_question)


def ask(name: str, **path: str) -> ResponseReturnValue:
    """Any of the operations, by its name, with what stands in the path."""
    operation = operations()[name]
    made = operation.make(read(operation.question, request.args), **path)
    answer = _given(_written(made))
    if isinstance(made, Paged) and made.next:
        answer.headers["Link"] = f'<{made.next}>; rel="next"'
    return answer


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The description of all this, as OpenAPI 3.1."""
    read(Question, request.args)
    kept = house().shelf.take((f"{ROOT}/openapi.json", ""), _described)
    return _given(kept.body)


def _described() -> str:
    return json.dumps(document(), ensure_ascii=False, sort_keys=False) + "\n"


def _written(answer: BaseModel) -> bytes:
    return f"{answer.model_dump_json()}\n".encode()


def _given(body: bytes) -> Response:
    """The bytes, or that the program has them already."""
    answer = Response(body, mimetype="application/json")
    answer.set_etag(sha256(body).hexdigest()[:24])
    answer.make_conditional(request)
    return answer


for _name, _rule in (("entry", ""), ("route", "/route"), ("due", "/due"), *((kind, f"/{kind}") for kind in RECORDS)):
    blueprint.add_url_rule(_rule, _name, ask, defaults={"name": _name})
for _name, _rule in (
    ("record_versions", "/record/versions"),
    ("record_organisations", "/record/organisations"),
    ("record_table", "/record/organisations/<id_>/<family>"),
):
    blueprint.add_url_rule(_rule, _name, ask, defaults={"name": _name})
for _kind in RECORDS:
    blueprint.add_url_rule(f"/{_kind}/<id_>", f"{_kind}_one", ask, defaults={"name": f"{_kind}_one"})
