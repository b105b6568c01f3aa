"""A few filings with the server killed among them; `python -m tests.proofs.kills` does a thousand."""

from pathlib import Path

import pytest
from sqlmodel import Session, select

from portal.cases.models import CaseRow, EventRow, FilingRow, LetterRow, WrapRow
from portal.config import Config
from portal.database import engine, transaction
from tests.conftest import AUrl
from tests.proofs import kills
from tests.proofs.kills import People, Result, run, settings


def test_two_kills_among_twenty_filings_lose_tear_and_double_nothing(tmp_path: Path, a_database_url: AUrl) -> None:
    result = run(settings(tmp_path, a_database_url(tmp_path / "rightface.sqlite")), kills=2, filings=20)
    assert (result.kills, len(result.filed)) == (2, 20)
    assert (result.lost, result.torn, result.doubled) == ([], [], [])


def _spoil(session: Session) -> None:
    """Of six filings one is lost, three are torn each in its way, and one has its case twice."""
    cases = session.exec(select(CaseRow).order_by(CaseRow.id)).all()
    session.delete(session.get_one(FilingRow, cases[0].filing_id))
    session.delete(session.exec(select(WrapRow).where(WrapRow.case_id == cases[1].id)).one())
    session.delete(session.exec(select(EventRow).where(EventRow.case_id == cases[2].id)).one())
    letter = session.exec(select(LetterRow).where(LetterRow.case_id == cases[3].id)).one()
    letter.sealed = letter.sealed[:-1] + bytes([letter.sealed[-1] ^ 1])
    values = {name: getattr(cases[4], name) for name in CaseRow.model_fields}
    session.add(CaseRow(**{**values, "id": "0" * 32}))


def test_what_is_lost_torn_or_doubled_is_told(
    tmp_path: Path, a_database_url: AUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = kills.look

    def look(config: Config, people: People, result: Result) -> None:
        made = engine(config.database_url)
        with transaction(made) as session:
            _spoil(session)
        made.dispose()
        really(config, people, result)

    monkeypatch.setattr(kills, "look", look)
    result = run(settings(tmp_path, a_database_url(tmp_path / "rightface.sqlite")), kills=0, filings=6, people=2)
    assert len(result.filed) == 6
    assert why(result.lost) == ["it is not in the database", "its key opens nothing"]
    assert why(result.torn) == [
        "5 events of 6 filings",
        "5 wraps of 6 filings",
        "Unopened",  # a bit of the letter
        "its page brings 404",  # no wrap
        "its page brings 500",
        "its timeline",
        "no case",
    ]
    assert why(result.doubled) == ["7 cases of 6 filings"]


def why(lines: list[str]) -> list[str]:
    """What is told, without of whom."""
    return sorted(line.partition(": ")[2] or line for line in lines)
