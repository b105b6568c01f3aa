"""Whatever is typed about a group, it answers with a page, and what is taken can be looked at again."""

from collections.abc import Iterator
from inspect import getmembers, isclass

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.fields.core import UnboundField

from portal.accounts.permissions import Role
from portal.web.forms import groups
from portal.web.staff.group import opening
from tests.web.browsing import Browser, filled
from tests.web.staff.conftest import signed_in
from tests.web.staff.group.making import PASSPHRASE, a_group, a_member, pair
from tests.web.test_naughty import strings

ABOUT = {"name": "Sample", "page": "https://example.org", "email": "a@example.org", "place": "at"}
INVITED = {"person": "Pia", "person_email": "pia@example.org"}
CAMPAIGN = {"title": "Title", "words": "Words", "organisations": "clearview-ai", "right": "access"}
KEY = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
#: Where each box stands, its name, and what else its form wants.
BOXES = [
    *(("/groups/new", name, ABOUT) for name in ("name", "page", "email")),
    *(("/groups/{group}/invite", name, INVITED) for name in INVITED),
    *(("/group/campaigns/new", name, CAMPAIGN) for name in ("title", "words")),
    *(("/group/terms", name, KEY) for name in KEY),
    *(("/group/passphrase", name, {**KEY, "before": PASSPHRASE}) for name in (*KEY, "before")),
    ("/group/open", "passphrase", {}),
    ("/group/open", "after", {"passphrase": PASSPHRASE}),
]
#: A page for each is enough; the public pages take them all.
EVERY = 25


def typed() -> Iterator[tuple[str, str]]:
    """The boxes of the forms about groups that staff and groups fill in."""
    for called, form in getmembers(groups, lambda one: isclass(one) and issubclass(one, FlaskForm)):
        fields = {name: made for base in form.__mro__ for name, made in vars(base).items()}
        yield from (
            (called, name)
            for name, made in fields.items()
            if isinstance(made, UnboundField) and issubclass(made.field_class, StringField)
        )


def test_every_box_is_typed_into() -> None:
    assert len({*typed()}) == len(BOXES)
    assert {name for _, name in typed()} == {name for _, name, _ in BOXES}


@pytest.fixture(scope="module")
def browsers(app: Flask) -> dict[str, Browser]:
    active, new = (a_member(app, a_group(app, with_key=key))[0] for key in (True, False))
    return {"/groups": signed_in(app, Role.GROUP_MANAGER), "/group/terms": new, "/group": active}


@pytest.mark.parametrize(("address", "name", "more"), BOXES, ids=[f"{one[0]} {one[1]}" for one in BOXES])
def test_no_string_breaks_a_box(
    app: Flask,
    browsers: dict[str, Browser],
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    name: str,
    more: dict[str, str],
) -> None:
    opens = pair()[1] if name == "after" else None
    monkeypatch.setattr(opening, "_unlocked", lambda _group, _passphrase: opens)
    monkeypatch.setattr(groups.keys, "check", lambda _passphrase: None)  # so that the second one is looked at
    browser = next(one for begins, one in browsers.items() if address.startswith(begins))
    at = address.format(group=a_group(app).id)
    page = browser.get(at)
    assert page.status == 200
    values = {**dict(filled(page.form(name))), **more}
    for what in strings()[::EVERY]:
        with browser.client.post(at, data={**values, name: what}) as answer:
            assert answer.status_code in (200, 302, 422, 429), what
            assert "<script>alert" not in answer.text, what
            if answer.status_code != 302:
                continue
            assert (answer.location or "").startswith("/"), what
            assert not (answer.location or "").startswith("//"), what
            if name != "after":
                assert browser.get(answer.location or "").status == 200, what
