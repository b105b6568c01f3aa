"""A group writes a campaign; staff read it as it will be, and show it or ask for other words."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.accounts.permissions import Role
from portal.cases.campaigns import State
from portal.cases.tasks import Choice
from portal.trail import Action, Outcome
from tests.web.browsing import Browser, Page
from tests.web.staff.conftest import signed_in
from tests.web.staff.group.making import WORDS, a_campaign, a_group, a_member, campaign, noted_of, pressed, to_read
from tests.web.staff.test_queue import decided, taken

SAID = {
    "language": "fr",
    "title": "Reprenez votre visage",
    "words": "# Pourquoi\n\n**Parce que.**",
    "organisations": ("clearview-ai", "pimeyes"),
    "right": "erasure",
}


@pytest.fixture
def member(app: Flask) -> Browser:
    return a_member(app, a_group(app))[0]


def written(browser: Browser, **changed: object) -> Page:
    return browser.send(browser.get("/group/campaigns/new"), {**SAID, **changed})  # type: ignore[arg-type]


def test_it_is_written_looked_at_and_given_to_the_staff(app: Flask, member: Browser) -> None:
    page = written(member)
    id_ = page.path.rpartition("/")[2]
    assert page.heading == "Reprenez votre visage"
    assert "Only your group sees it" in page.text
    preview = page.main.xpath(".//section[@class='rf-preview']")[0]
    assert [one.tag for one in preview.xpath(".//div[@class='rf-words']/*")] == ["h2", "p"]
    assert preview.xpath("./div/@lang") == ["fr"]
    assert "Clearview AI, PimEyes" in page.text
    assert to_read(app, id_) == []

    page = member.post(page, f"/group/campaigns/{id_}/submit")
    assert "The staff read it" in page.text
    assert "within 7 days" in page.text
    assert len(to_read(app, id_)) == 1
    assert noted_of(app, Action.CAMPAIGN_SUBMITTED, id_) == [(Outcome.DONE, "")]
    assert member.get(f"/group/campaigns/{id_}/change").status == 409
    assert member.get("/group/campaigns").links("Reprenez") == [f"/group/campaigns/{id_}"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"title": " "}, "Enter a title"),
        ({"title": "x" * 121}, "Use at most 120 characters"),
        ({"words": ""}, "Write what you tell people"),
        ({"words": "x" * 8_001}, "Use at most 8000 characters"),
        ({"words": "a\0b"}, "Take out characters that cannot be seen, or that turn the text around"),
        ({"words": "\u202eb"}, "Take out characters that cannot be seen, or that turn the text around"),
        ({"organisations": ()}, "Choose at least one organisation"),
        (
            {"organisations": ("clearview-ai", "ca-rcmp"), "right": "objection"},
            "This cannot be asked of all that you chose: choose another right, or fewer organisations",
        ),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said(member: Browser, changed: dict[str, object], error: str) -> None:
    page = written(member, **changed)
    assert (page.status, page.errors) == (422, [error])


@pytest.mark.parametrize(
    "changed", [{"language": "xx"}, {"organisations": ("nobody",)}, {"organisations": ("ca-bank",)}, {"right": "x"}]
)
def test_only_what_is_offered_can_be_chosen(member: Browser, changed: dict[str, object]) -> None:
    assert written(member, **changed).status == 422


def test_what_was_shown_goes_until_the_staff_have_read_the_new_words(app: Flask) -> None:
    group = a_group(app)
    browser, _ = a_member(app, group)
    one = a_campaign(app, group, "submit", "show")
    address = f"http://localhost:8000/campaigns/{one.slug}"
    shown = browser.get(f"/group/campaigns/{one.id}")
    assert shown.links(address) == [address]
    assert f'src="{address}/frame"' in shown.text, "the words to paste into a website"
    page = browser.get(f"/group/campaigns/{one.id}/change")
    assert "its page goes until the staff have read the new words" in page.text
    assert (page.value("title"), page.value("organisations")) == (WORDS.title, "clearview-ai")
    page = browser.send(page, {"title": "Other"})
    assert (page.heading, campaign(app, one.id).state) == ("Other", State.DRAFT)
    assert address not in page.text
    assert campaign(app, one.id).said == replace(WORDS, title="Other")


def test_it_is_ended_once_it_was_asked_for(app: Flask) -> None:
    group = a_group(app)
    browser, _ = a_member(app, group)
    one = a_campaign(app, group, "submit")
    page = browser.get(f"/group/campaigns/{one.id}/end")
    assert campaign(app, one.id).state is State.SUBMITTED
    page = pressed(browser, page)
    assert "Ended" in page.text
    assert campaign(app, one.id).state is State.ENDED
    assert to_read(app, one.id) == []
    assert noted_of(app, Action.CAMPAIGN_ENDED, one.id) == [(Outcome.DONE, "")]
    assert browser.get(f"/group/campaigns/{one.id}/end").status == 409


@pytest.mark.parametrize("what", ["", "/change", "/end"])
def test_no_other_group_sees_it(app: Flask, what: str) -> None:
    one = a_campaign(app, a_group(app))
    other, _ = a_member(app, a_group(app))
    assert other.get(f"/group/campaigns/{one.id}{what}").status == 404
    assert other.get("/group/campaigns").links("Take") == []


# The staff


@pytest.fixture
def manager(app: Flask) -> Browser:
    return signed_in(app, Role.GROUP_MANAGER)


@pytest.mark.parametrize(
    ("choice", "state", "told"),
    [
        (Choice.ACCEPTED, State.SHOWN, "Everybody can see its page and join it."),
        (Choice.REFUSED, State.REFUSED, "Change it, and ask again."),
    ],
)
def test_staff_read_it_as_it_will_be_and_decide(
    app: Flask, manager: Browser, choice: Choice, state: State, told: str
) -> None:
    group = a_group(app)
    browser, _ = a_member(app, group)
    one = a_campaign(app, group, "submit", said=replace(WORDS, words="# Why\n\n<script>x</script> **yours**"))
    [task] = to_read(app, one.id)
    assert "Campaign to read" in manager.get("/queue").text
    page = taken(manager, task.id)
    assert page.heading == "May this campaign be shown?"
    for said in (
        "Take your face back",
        "Faces & Rights",
        "group@example.org",
        "Clearview AI",
        "Delete me",
        "Show it",
    ):
        assert said in page.text
    assert len(page.main.xpath(".//div[@class='rf-words']/h2")) == 1
    assert page.main.xpath(".//script") == []
    assert "<script>x" in page.text
    decided(manager, task.id, choice.value)
    assert campaign(app, one.id).state is state
    assert told in browser.get(f"/group/campaigns/{one.id}").text
    assert noted_of(app, Action.TASK_DECIDED, task.id) == [(Outcome.DONE, choice)]


def test_one_that_its_group_ends_meanwhile_is_not_shown(app: Flask, manager: Browser) -> None:
    group = a_group(app)
    one = a_campaign(app, group, "submit")
    [task] = to_read(app, one.id)
    page = taken(manager, task.id)
    browser, _ = a_member(app, group)
    pressed(browser, browser.get(f"/group/campaigns/{one.id}/end"))
    assert manager.send(page, {"choice": "accepted"}).status == 404
    assert campaign(app, one.id).state is State.ENDED
