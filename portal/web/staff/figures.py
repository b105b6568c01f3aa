"""How much comes, is decided and is open, and how long it takes: counts, as pictures and as tables."""

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from portal.cases import tasks
from portal.cases.figures import AGES, Figures, figures, together
from portal.cases.tasks import Matter
from portal.database import snapshot
from portal.web import charts
from portal.web.forms.figures import FiguresForm
from portal.web.house import house
from portal.web.language import current
from portal.web.staff.task_words import MATTERS
from portal.web.words import Words

blueprint = Blueprint("figures", __name__)

#: What a row of a table begins with, and its counts; None where there is nothing to count from.
Row = tuple[Words, tuple[int | None, ...]]


@blueprint.get("/figures")
def counted() -> ResponseReturnValue:
    """What is counted of the last weeks, of all matters or of one."""
    form = FiguresForm(MultiDict(request.args) if request.args else None)
    matters, weeks = form.wanted()
    with snapshot(house().engine) as session:
        of_each = figures(session, matters, weeks, house().today())
    every = together(of_each.values())
    return render_template(
        "staff/figures.html",
        form=form,
        every=every,
        pictures=_pictures(every),
        rows={**_rows(every), **_of_types(of_each, every)},
        kept=tasks.KEPT,
    ), (422 if form.errors else 200)


# The tables


def _rows(every: Figures) -> Mapping[str, Sequence[Row]]:
    """What the charts show."""
    return {
        "weeks": [
            (
                _("%(first)s to %(last)s", first=_day(week.first), last=_day(week.last)),
                (week.came, week.decided),
            )
            for week in every.weeks
        ],
        "open": [(age, (count,)) for age, count in zip(_ages(), every.ages, strict=True)],
        "took": [(age, (count,)) for age, count in zip(_ages(), every.took, strict=True)],
    }


def _of_types(of_each: Mapping[Matter, Figures], every: Figures) -> Mapping[str, Sequence[Row]]:
    """What is counted of each type, and of all of them where there are several."""
    named = [(MATTERS[matter].name, found) for matter, found in of_each.items()]
    if len(named) > 1:
        named.append((_("All together"), every))
    return {
        "open of types": [(name, (one.open, one.waiting, one.late)) for name, one in named],
        "came of types": [(name, (one.came, one.decided)) for name, one in named],
        "took of types": [(name, (one.within(50), one.within(90))) for name, one in named],
    }


def _ages() -> Sequence[str]:
    """What each age is called: `0–1`, `2–3` … `15+`, in days."""
    firsts = [0, *(last + 1 for last in AGES if last is not None)]
    return [f"{first}+" if last is None else f"{first}–{last}" for first, last in zip(firsts, AGES, strict=True)]


def _day(day: date) -> str:
    return str(format_date(day, "d MMM", locale=current()))


def _number(count: int) -> str:
    return str(format_decimal(count, locale=current()))


# The charts


def _pictures(every: Figures) -> Mapping[str, Markup]:
    """A chart of each thing that there is something to show of."""
    found = {}
    if every.came or every.decided:
        found["weeks"] = _weeks(every)
    if every.open:
        says = _("Open, by days since they came: %(counts)s", counts=_said(every.ages))
        found["open"] = charts.columns(says, _ages(), every.ages)
    if every.decided:
        says = _("Decided, by days that it took: %(counts)s", counts=_said(every.took))
        found["took"] = charts.columns(says, _ages(), every.took)
    return found


def _weeks(every: Figures) -> Markup:
    return charts.lines(
        _(
            "A line of what came, %(came)s in all, and one of what was decided, %(decided)s in all",
            came=_number(every.came),
            decided=_number(every.decided),
        ),
        [_day(week.first) for week in every.weeks],
        (_("Came"), [week.came for week in every.weeks]),
        (_("Decided (dashed)"), [week.decided for week in every.weeks]),
    )


def _said(counts: Sequence[int]) -> str:
    """Counts of each age in one line."""
    return "; ".join(f"{age}: {_number(count)}" for age, count in zip(_ages(), counts, strict=True))
