"""An organisation says something beside its figures."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from wtforms.fields import SelectChoice

from portal.cases import statements
from portal.database import transaction
from portal.law.records import Organisation
from portal.web import limits
from portal.web.forms.record import StatementForm
from portal.web.house import house
from portal.web.journey import language_name, named
from portal.web.language import current

blueprint = Blueprint("speaking", __name__)


@blueprint.route("/record/<id_>/answer", methods=["GET", "POST"])
def answer(id_: str) -> ResponseReturnValue:
    """Somebody speaks for an organisation; sealed for staff, or not taken where nobody would read it."""
    body, staff = _known(id_), house().config.staff_public_key
    form = StatementForm(language=current())
    form.language.choices = [SelectChoice(one, language_name(one)) for one in _languages()]
    if staff is None or not form.validate_on_submit():
        words = {"operator": house().config.operator, "staff": staff, "named": named}
        return render_template("record/answer.html", form=form, body=body, **words), 422 if form.errors else 200
    limits.attempt("message")
    if not form.is_trapped:
        with transaction(house().engine) as session:
            statements.offer(session, staff, form.written(id_), house().today())
    return redirect(url_for("speaking.received", id_=id_))


@blueprint.get("/record/<id_>/answer/received")
def received(id_: str) -> ResponseReturnValue:
    return render_template("record/received.html", body=_known(id_), named=named)


def _known(id_: str) -> Organisation:
    """One organisation, and not a kind of them."""
    body = house().catalogue.organisations.get(id_)
    if body is None or body.generic:
        raise NotFound
    return body


def _languages() -> list[str]:
    """Those that we know, by their names."""
    return sorted(house().catalogue.languages, key=lambda one: language_name(one).casefold())
