"""How many people a campaign's page tells of: never exactly, never of fewer than ten, never of one who comes."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, func, select

from portal.cases.campaigns import State
from portal.cases.models import CampaignRow, CaseRow, ShareRow
from portal.cases.tallies import is_held
from portal.record.disclosure import RULES, Rules, falls


def renew(session: Session, today: date) -> None:
    """Count anew, once a month, who came by each campaign that can be joined and lets its group see a case.

    A person is a filing, as in the record; what the staff hold is in no count. The number of a campaign that has
    ended stays.
    """
    shown = select(CampaignRow).where(CampaignRow.state == State.SHOWN.value).with_for_update()
    due = [row for row in session.exec(shown) if row.counted_on is None or _month(row.counted_on) < _month(today)]
    exact = _exact(session, [row.id for row in due])
    for row in due:
        row.shown, row.counted_on = told(row.shown, exact.get(row.id, 0)), today


def told(before: int, exact: int, rules: Rules = RULES) -> int:
    """The number that is shown: a multiple of ten, so that it changes by no less; it falls as the record's do."""
    now = exact // rules.step * rules.step
    if now - before >= rules.step or falls(exact, before, rules):
        return now if now >= rules.least else 0
    return before


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _exact(session: Session, ids: list[str]) -> Mapping[str, int]:
    people = func.count(func.distinct(CaseRow.filing_id))
    joined = select(ShareRow.campaign_id, people).join(CaseRow, col(CaseRow.id) == ShareRow.case_id)
    found = joined.where(col(ShareRow.campaign_id).in_(ids), ~is_held()).group_by(col(ShareRow.campaign_id))
    return {id_: n for id_, n in session.exec(found) if id_}
