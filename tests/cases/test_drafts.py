"""A person's details on their way to a letter."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from portal.cases.drafts import LIFE, Also, Draft, find, forget, forget_all, keep, purge, read, written
from portal.cases.models import DraftRow
from portal.database import transaction
from portal.vault import Key, Unopened, derived, new_key, unseal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = new_key()
#: A word that would be found if it were kept in the clear.
PLANTED = "planted-4711-word"


def a_draft(full_name: str = "Ana Example", **changes: str) -> Draft:
    facts = {"place": "at", "organisation": "clearview-ai", "right": "access", "law": "eu-gdpr"}
    return Draft(**{**facts, **changes}, details={"full_name": full_name}, known_as={"name": "Face Finder"})


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as opened:
        yield opened


def rows(session: Session) -> int:
    return len(session.exec(select(DraftRow)).all())


def test_a_draft_is_found_as_it_was_kept(session: Session) -> None:
    draft = a_draft(role="agent", writer_name="Petra Vorlage", language="de", layout="a4-left", text="=== subject\nx")
    assert find(session, KEY, keep(session, KEY, draft, NOW), NOW) == draft


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(), st.dictionaries(st.text(), st.text()), st.none() | st.text())
def test_whatever_was_typed_is_found_again(
    session: Session, name: str, details: dict[str, str], text: str | None
) -> None:
    draft = Draft("at", "clearview-ai", "access", "eu-gdpr", writer_name=name, details=details, text=text)
    assert find(session, KEY, keep(session, KEY, draft, NOW), NOW) == draft


def test_another_browser_does_not_find_it(session: Session) -> None:
    id_ = keep(session, KEY, a_draft(), NOW)
    assert find(session, new_key(), id_, NOW) is None


def test_another_browser_does_not_write_over_it(session: Session) -> None:
    id_, other_key = keep(session, KEY, a_draft(), NOW), new_key()
    theirs = keep(session, other_key, a_draft("Ana Muster"), NOW, id_)
    assert theirs != id_
    assert find(session, KEY, id_, NOW) == a_draft()
    assert find(session, other_key, theirs, NOW) == a_draft("Ana Muster")


def test_what_is_not_there_is_not_found(session: Session) -> None:
    assert find(session, KEY, "0" * 32, NOW) is None


@pytest.mark.parametrize(
    ("later", "there"),
    [(timedelta(0), True), (LIFE - timedelta(seconds=1), True), (LIFE, False), (LIFE * 2, False)],
)
def test_a_draft_lives_two_hours(session: Session, later: timedelta, there: bool) -> None:
    id_ = keep(session, KEY, a_draft(), NOW)
    assert (find(session, KEY, id_, NOW + later) is not None) is there
    assert timedelta(hours=2) == LIFE


def test_keeping_it_again_starts_the_two_hours_again(session: Session) -> None:
    id_ = keep(session, KEY, a_draft(), NOW)
    assert keep(session, KEY, a_draft("Ana Muster"), NOW + timedelta(hours=1), id_) == id_
    found = find(session, KEY, id_, NOW + timedelta(hours=2, minutes=59))
    assert found == a_draft("Ana Muster")
    assert rows(session) == 1


def test_the_clock_is_the_same_everywhere(session: Session) -> None:
    id_ = keep(session, KEY, a_draft(), NOW)
    in_tokyo = (NOW + LIFE - timedelta(seconds=1)).astimezone(timezone(timedelta(hours=9)))
    assert find(session, KEY, id_, in_tokyo) == a_draft()


def test_two_tabs_keep_a_draft_each(session: Session) -> None:
    first, second = (keep(session, KEY, a_draft(name), NOW) for name in ("Ana Example", "Ana Muster"))
    assert first != second
    assert find(session, KEY, first, NOW) == a_draft("Ana Example")
    assert find(session, KEY, second, NOW) == a_draft("Ana Muster")


def test_a_draft_that_is_moved_to_another_tab_s_place_does_not_open(session: Session) -> None:
    first, second = (session.get_one(DraftRow, keep(session, KEY, a_draft(name), NOW)) for name in ("A", "B"))
    first.sealed = second.sealed
    session.flush()
    assert find(session, KEY, first.id, NOW) is None


def test_forgetting_deletes_the_row_and_only_that(session: Session) -> None:
    gone, kept = keep(session, KEY, a_draft(), NOW), keep(session, KEY, a_draft(), NOW)
    forget(session, KEY, gone, NOW)
    assert find(session, KEY, gone, NOW) is None
    assert find(session, KEY, kept, NOW) == a_draft()
    assert rows(session) == 1


def test_another_browser_cannot_make_it_forgotten(session: Session) -> None:
    id_ = keep(session, KEY, a_draft(), NOW)
    forget(session, new_key(), id_, NOW)
    assert find(session, KEY, id_, NOW) == a_draft()


def test_leaving_forgets_all_that_this_browser_wrote(session: Session) -> None:
    mine = [keep(session, KEY, a_draft(), NOW) for _ in range(3)]
    theirs_key = new_key()
    theirs = keep(session, theirs_key, a_draft("Ana Muster"), NOW)
    forget_all(session, KEY)
    assert [find(session, KEY, id_, NOW) for id_ in mine] == [None] * 3
    assert find(session, theirs_key, theirs, NOW) == a_draft("Ana Muster")
    assert rows(session) == 1


def test_the_owner_of_a_row_does_not_give_the_key_away(session: Session) -> None:
    row = session.get_one(DraftRow, keep(session, KEY, a_draft(), NOW))
    assert row.owner != bytes(KEY).hex()
    with pytest.raises(Unopened):
        unseal(derived(Key(bytes.fromhex(row.owner)), row.id), row.sealed, f"drafts.sealed:{row.id}")


def test_purging_deletes_what_is_over_and_says_how_many(session: Session) -> None:
    for hours in (0, 1, 2, 3):
        keep(session, KEY, a_draft(), NOW + timedelta(hours=hours))
    assert purge(session, NOW + timedelta(hours=3)) == 2
    assert purge(session, NOW + timedelta(hours=3)) == 0
    assert rows(session) == 2


def files(database_path: Path) -> bytes:
    """All that the database has on disk: its file, its log, its index."""
    return b"".join(part.read_bytes() for part in database_path.parent.glob(f"{database_path.name}*"))


@pytest.mark.sqlite
def test_nothing_that_was_typed_is_readable_on_disk(database: Engine, database_path: Path) -> None:
    with transaction(database) as session:
        keep(session, KEY, a_draft(PLANTED, writer_name=PLANTED, writer_address=PLANTED, text=PLANTED), NOW)
    on_disk = files(database_path)
    assert b"drafts" in on_disk
    for word in (PLANTED, "Face Finder", "clearview-ai", "eu-gdpr"):
        assert word.encode() not in on_disk
    assert bytes(KEY) not in on_disk


@pytest.mark.sqlite
def test_what_was_purged_leaves_not_even_its_ciphertext(database: Engine, database_path: Path) -> None:
    with transaction(database) as session:
        id_ = keep(session, KEY, a_draft(PLANTED), NOW)
        sealed = session.get_one(DraftRow, id_).sealed
    with transaction(database) as session:
        purge(session, NOW + LIFE)
    database.dispose()  # the last connection to close writes the log into the file
    assert sealed[:64] not in files(database_path)
    assert id_.encode() not in files(database_path)


# One of several letters

SEVERAL = Draft(
    "at",
    "other",
    "access",
    "eu-gdpr",
    details={"full_name": "Ana Example", "reference": "X-1", "received_on": "2026-09-05", "events": "A station"},
    known_as={"name": "Face Finder", "address": "1 Sample Street"},
    text="=== subject\nmine",
    case_key="K",
    also={"pimeyes": Also("eu-gdpr", language="fr", text="=== subject\ntheirs"), "us-ice": Also("us-privacy-act")},
)


def test_a_draft_of_several_letters_is_found_as_it_was_kept(session: Session) -> None:
    assert find(session, KEY, keep(session, KEY, SEVERAL, NOW), NOW) == SEVERAL


def test_what_an_older_portal_sealed_is_read() -> None:
    fields = json.loads(written(a_draft()))
    del fields["also"]
    assert read(json.dumps(fields).encode()) == a_draft()


def test_the_first_letter_is_told_everything() -> None:
    assert SEVERAL.organisations == ("other", "pimeyes", "us-ice")
    assert SEVERAL.alone("other") == replace(SEVERAL, also={})


def test_the_others_are_told_nothing_that_is_between_the_person_and_the_first() -> None:
    theirs = SEVERAL.alone("pimeyes")
    assert theirs.details == {"full_name": "Ana Example"}
    assert theirs.known_as == theirs.also == {}
    assert (theirs.organisation, theirs.law, theirs.language, theirs.text) == (
        "pimeyes",
        "eu-gdpr",
        "fr",
        "=== subject\ntheirs",
    )
    assert SEVERAL.alone("us-ice").text is None


def test_a_letter_is_rewritten_and_the_others_stay() -> None:
    first, other = SEVERAL.rewritten("other", text="new"), SEVERAL.rewritten("pimeyes", text=None)
    assert (first.text, first.also) == ("new", SEVERAL.also)
    assert other.also["pimeyes"] == Also("eu-gdpr", language="fr")
    assert (other.text, other.also["us-ice"]) == (SEVERAL.text, SEVERAL.also["us-ice"])
