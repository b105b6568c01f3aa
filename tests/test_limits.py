"""How often one network may do something."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.database import transaction
from portal.limits import LIMITS, Limit, LimitKeyRow, LimitRow, TooMany, attempt, network, purge

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TWO = {"key": Limit(2, timedelta(minutes=10), "for a test"), "file": Limit(2, timedelta(minutes=10), "for a test")}
HERE, THERE = "192.0.2.1", "198.51.100.1"


def rows(database: Engine) -> tuple[list[int], list[bytes]]:
    with transaction(database) as session:
        return list(session.exec(select(LimitRow.count)).all()), list(session.exec(select(LimitKeyRow.key)).all())


@pytest.mark.parametrize("what", LIMITS)
def test_each_limit_says_why_and_leaves_room_for_a_shared_network(what: str) -> None:
    assert len(LIMITS[what].why) > 20
    assert LIMITS[what].times >= 60


@pytest.mark.parametrize("what", LIMITS)
def test_what_is_allowed_is_answered_and_one_more_is_told_when(database: Engine, what: str) -> None:
    few = {what: replace(LIMITS[what], times=60)}  # a larger number is counted in the same way, and takes longer
    left = [attempt(database, what, HERE, NOW, few) for _ in range(60)]
    assert [one.times for one in left] == [*range(59, -1, -1)]
    assert {one.seconds for one in left} == {LIMITS[what].within.total_seconds()}
    with pytest.raises(TooMany) as refused:
        attempt(database, what, HERE, NOW + timedelta(seconds=1), few)
    assert refused.value.retry_after == LIMITS[what].within.total_seconds() - 1
    assert rows(database)[0] == [61]  # the refused one was counted
    attempt(database, what, HERE, NOW + LIMITS[what].within, few)


def test_one_network_and_one_thing_do_not_stop_another(database: Engine) -> None:
    for _ in range(2):
        attempt(database, "key", HERE, NOW, TWO)
    attempt(database, "key", THERE, NOW, TWO)
    attempt(database, "file", HERE, NOW, TWO)
    with pytest.raises(TooMany):
        attempt(database, "key", "192.0.2.200", NOW, TWO)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),  # IPv4 on an IPv6 socket
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),  # a Unix socket
        ("'; DROP TABLE limits", "unknown"),
    ],
)
def test_an_address_belongs_to_its_network(address: str, found: str) -> None:
    assert network(address) == found


def test_two_at_the_same_moment_are_two(database: Engine) -> None:
    def ten() -> None:
        for _ in range(10):
            attempt(database, "render", HERE, NOW)

    threads = [Thread(target=ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(database)[0] == [40]


def test_the_next_day_has_another_key_and_the_old_one_is_gone(database: Engine) -> None:
    attempt(database, "key", HERE, NOW)
    (_, (first,)) = rows(database)
    attempt(database, "key", HERE, NOW + timedelta(days=1))
    (_, (second,)) = rows(database)
    assert first != second


def test_purging_deletes_what_is_over(database: Engine) -> None:
    attempt(database, "key", HERE, NOW)
    with transaction(database) as session:
        assert purge(session, NOW) == 0
        assert purge(session, NOW + timedelta(minutes=10)) == 1
        assert purge(session, NOW + timedelta(days=1)) == 1
    assert rows(database) == ([], [])
