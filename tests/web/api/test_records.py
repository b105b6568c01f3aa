"""The records of the law, for programs: all of them, whole, in pages, and not sent twice."""

import re
from typing import Any

import pytest
from flask import Flask

from portal.web.api.answers import RECORDS as RECORD_TYPES
from portal.web.kinds import KINDS
from tests.building import the_catalogue
from tests.web.api.asked import answered, ask
from tests.web.browsing import Browser
from tests.web.conftest import AnApp
from tests.web.samples import RECORDS
from tests.web.test_reference import as_plain

CATALOGUE = the_catalogue()
ALL: dict[str, dict[str, Any]] = {kind: dict(getattr(CATALOGUE, kind)) for kind in RECORDS}


def test_each_kind_that_has_pages_is_there() -> None:
    assert {*RECORD_TYPES} == {*KINDS}


def test_the_entry_leads_to_all_that_there_is(app: Flask) -> None:
    entry = answered(app, "", ask(app, ""))
    assert {one["kind"]: one["count"] for one in entry["kinds"]} == {kind: len(ALL[kind]) for kind in ALL}
    client = app.test_client()
    for address in (entry["documentation"], entry["openapi"], *(one["url"] for one in entry["kinds"])):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("kind", ALL)
def test_every_record_is_there_as_its_data_file_has_it(app: Flask, kind: str) -> None:
    for id_, record in ALL[kind].items():
        answer = ask(app, f"/{kind}/{id_}")
        said = answered(app, f"/{kind}/{{id}}", answer)
        assert said["record"] == as_plain(record)
        assert (said["url"], said["page"]) == (f"/api/v1/{kind}/{id_}", f"/{kind}/{id_}")
        assert (said["catalogue"], said["licence"], said["language"]) == (CATALOGUE.version, "CC0-1.0", "en")


def test_a_law_comes_with_its_arguments(app: Flask) -> None:
    for id_ in ALL["laws"]:
        under = [one for arguments in CATALOGUE.replies(id_).values() for one in arguments]
        assert ask(app, f"/laws/{id_}").get_json()["arguments"] == [as_plain(one) for one in under]


@pytest.mark.parametrize("limit", [1, 7, 20, 100])
@pytest.mark.parametrize("kind", ALL)
def test_who_follows_the_pages_meets_each_record_once_and_in_order(app: Flask, kind: str, limit: int) -> None:
    if limit == 1 and len(ALL[kind]) > 50:
        return  # the same as of the others, and long
    address, met = f"/{kind}?limit={limit}", []
    while address:
        answer = ask(app, address)
        said = answered(app, f"/{kind}", answer)
        assert 0 < len(said["records"]) <= limit
        assert answer.headers.get("Link") == (f'<{said["next"]}>; rel="next"' if said["next"] else None)
        met += said["records"]
        address = (said["next"] or "").removeprefix("/api/v1")
    assert [one["record"]["id"] for one in met] == sorted(ALL[kind])
    assert [one["record"] for one in met] == [as_plain(ALL[kind][id_]) for id_ in sorted(ALL[kind])]


def test_a_page_begins_after_an_id_also_one_that_is_not_there(app: Flask) -> None:
    ids = [one["record"]["id"] for one in ask(app, "/laws?after=eu-gdpq&limit=1").get_json()["records"]]
    assert ids == ["eu-gdpr"]
    last = ask(app, "/laws?after=zz").get_json()
    assert (last["records"], last["next"]) == ([], None)


def test_every_address_in_an_answer_leads_somewhere(app: Flask) -> None:
    client = app.test_client()
    for kind, id_ in RECORDS.items():
        said = ask(app, f"/{kind}/{id_}").get_json()
        assert client.get(said["url"]).get_json() == said
        assert client.get(said["page"]).status_code == 200


# Not sent twice

ONES = [f"/{kind}/{id_}" for kind, id_ in RECORDS.items()]
KEPT = ["", "/openapi.json", *(f"/{kind}?limit=3" for kind in ALL), *ONES]


@pytest.mark.parametrize("address", KEPT)
def test_an_answer_may_be_kept_and_is_not_sent_twice(app: Flask, address: str) -> None:
    answer = ask(app, address)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    etag = answer.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{24}"', etag)  # strong
    for sent in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = ask(app, address, If_None_Match=sent)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        assert again.headers["Cache-Control"] == "public, max-age=3600"
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert ask(app, address, If_None_Match='"other"').data == answer.data


@pytest.mark.parametrize("address", KEPT)
def test_its_head_alone_can_be_asked_for(app: Flask, address: str) -> None:
    whole, head = ask(app, address), ask(app, address, "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Link"):
        assert head.headers.get(name) == whole.headers.get(name)


def test_another_word_in_the_data_is_another_name(app: Flask) -> None:
    names = [ask(app, f"/laws/{id_}").headers["ETag"] for id_ in ALL["laws"]]
    assert len({*names}) == len(names)


def test_two_processes_give_the_same_answer_the_same_name(app: Flask, an_app: AnApp) -> None:
    other = an_app()
    for address in ("/laws/eu-gdpr", "/organisations?limit=3", "/openapi.json"):
        assert ask(other, address).headers["ETag"] == ask(app, address).headers["ETag"]


def test_an_answer_is_the_same_in_every_language(app: Flask) -> None:
    for address in ("/laws/eu-gdpr", "/openapi.json"):
        assert ask(app, address, Accept_Language="fr").data == ask(app, address).data


def test_the_pages_lead_to_the_api(app: Flask) -> None:
    browser = Browser(app)
    for address in ("/", "/reference"):
        assert "/api/v1/docs" in [*browser.get(address).tree.xpath("//a/@href")]
