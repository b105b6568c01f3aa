"""Who runs the portal, what it keeps, and how to say that something is wrong with it."""

import re
from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cases import reports
from portal.cases.inventory import kept
from portal.columns import Until
from portal.config import Operator
from portal.database import transaction
from portal.law.catalogue import Catalogue
from portal.law.places import countries
from portal.law.records import Authority, OrganisationKind
from portal.record import models as record
from portal.web.contacts import looked_at
from portal.web.forms.about import ReportForm
from portal.web.house import house
from portal.web.language import LANGUAGES, current
from portal.web.words import TABLES, UNTIL

assert record  # what its tables hold is told too
blueprint = Blueprint("about", __name__)

#: Where a campaign stands, which a report must name.
_CAMPAIGN = re.compile(r"/campaigns/[a-z0-9-]{1,60}")

#: How long a security.txt stands before somebody must look at it again; RFC 9116 advises less than a year.
_STANDS = timedelta(days=180)


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept and for how long, from the retention table and the models."""
    operator = house().config.operator
    tables = kept()
    authority = authority_over(house().catalogue, operator) if operator else None
    return render_template(
        "about/privacy.html",
        operator=operator,
        country=countries(current())[operator.country.partition("-")[0]] if operator else "",
        authority=authority,
        contact=looked_at({authority.id: authority.contact})[authority.id] if authority else None,
        tables=tables,
        named=TABLES,
        until=UNTIL,
        limited=any(Until.LIMIT in table.periods for table in tables),
        config=house().config,
    )


def authority_over(catalogue: Catalogue, operator: Operator) -> Authority | None:
    """The data protection authority competent for a private organisation of the operator's place, nearest first."""
    for place in catalogue.nearest(operator.country):
        for authority in place.authorities:
            polices = any(OrganisationKind.COMPANY in each.of for each in authority.supervises)
            if authority.kind == "data_protection_authority" and polices:
                return authority
    return None


@blueprint.get("/terms")
def terms() -> ResponseReturnValue:
    return render_template("about/terms.html", operator=house().config.operator)


@blueprint.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return render_template("about/accessibility.html", operator=house().config.operator)


@blueprint.get("/contact")
def contact() -> ResponseReturnValue:
    return render_template("about/contact.html", operator=house().config.operator)


@blueprint.get("/.well-known/security.txt")
def security() -> ResponseReturnValue:
    """Whom to tell of a hole in the program (RFC 9116); nothing where nobody says that they run it."""
    operator = house().config.operator
    if operator is None:
        raise NotFound
    lines = (
        f"Contact: mailto:{operator.for_security}",
        f"Expires: {house().clock() + _STANDS:%Y-%m-%dT00:00:00Z}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {url_for('about.security', _external=True)}",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


# Something here is wrong


@blueprint.route("/wrong", methods=["GET", "POST"])
def wrong() -> ResponseReturnValue:
    """Say what is wrong; sealed for staff, or not taken where nobody would read it."""
    staff = house().config.staff_public_key
    form = ReportForm(page=_rule(request.args.get("page", "")))
    if staff is None or not form.validate_on_submit():
        words = {"operator": house().config.operator, "staff": staff, "until": UNTIL[Until.REPORT]}
        return render_template("about/wrong.html", form=form, **words), 422 if form.errors else 200
    if not form.is_trapped:
        with transaction(house().engine) as session:
            reports.leave(session, staff, form.report(_rule(form.page.data or "")), house().today())
    return redirect(url_for("about.received"))


@blueprint.get("/wrong/received")
def received() -> ResponseReturnValue:
    return render_template("about/received.html")


def _rule(said: str) -> str:
    """A rule of ours, or the page of a campaign, which is public; never the address of somebody's page."""
    known = said in {rule.rule for rule in current_app.url_map.iter_rules()} or _CAMPAIGN.fullmatch(said)
    return said if known else ""
