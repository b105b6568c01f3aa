"""The page of figures: pictures and tables that say the same, and nothing of anybody."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from flask import Flask
from lxml.html import HtmlElement

from portal.accounts.permissions import ROLES, Permission, Role
from portal.cases import tasks
from portal.cases.models import TaskRow
from portal.cases.tasks import Choice, Matter
from portal.database import transaction
from portal.web import charts
from portal.web.staff.task_words import MATTERS
from tests.building import ROOT, TODAY
from tests.web.browsing import Browser, Page, words
from tests.web.staff.conftest import ADesk, signed_in

#: Matter, how many days ago it came, and after how many days it was decided, if at all.
FEW = [
    (Matter.FILED, 0, None),
    (Matter.FILED, 9, None),  # late since two days
    (Matter.FILED, 9, 2),
    (Matter.FILED, 9, 9),
    (Matter.FILED, 300, 0),  # long ago
    (Matter.HELP, 20, 20),
]


@pytest.fixture
def app(a_desk: ADesk) -> Flask:
    return a_desk()


@pytest.fixture
def clerk(app: Flask) -> Browser:
    return signed_in(app, Role.TRIAGE)


def put(app: Flask, *those: tuple[Matter, int, int | None]) -> None:
    with transaction(app.extensions["rightface"].engine) as session:
        for n, (matter, came, took) in enumerate(those):
            row = tasks.new(matter, f"record-{n}", TODAY - timedelta(came))
            if took is not None:
                row.choice, row.decided_by = Choice.DONE.value, "a" * 32
                row.decided_on = row.opened_on + timedelta(took)
            session.add(TaskRow(**row.model_dump()))


def some(seed: int) -> list[tuple[Matter, int, int | None]]:
    random = Random(seed)
    came = [random.randrange(60) for _ in range(10 ** (seed + 1))]
    return [(random.choice([*Matter]), one, random.choice((None, random.randrange(one + 1)))) for one in came]


def table(page: Page, caption: str) -> list[list[str]]:
    """The rows of a table, without its head."""
    [found] = [one for one in page.main.xpath(".//table") if words(one.find("caption")) == caption]
    return [[words(cell) for cell in row] for row in found.xpath("./tbody/tr")]


def column(page: Page, caption: str, n: int = 1) -> list[int]:
    return [int(row[n].replace(",", "")) for row in table(page, caption)]


def test_what_is_counted_stands_in_the_tables(app: Flask, clerk: Browser) -> None:
    put(app, *FEW)
    page = clerk.get("/figures?weeks=4&matter=")
    assert page.heading == "Figures"
    assert table(page, "Came and decided, by week") == [
        ["27 Oct to 2 Nov", "0", "0"],
        ["3 Nov to 9 Nov", "1", "0"],
        ["10 Nov to 16 Nov", "3", "1"],
        ["17 Nov to 23 Nov", "1", "2"],
    ]
    assert table(page, "Open, by days since they came") == [
        ["0–1", "1"], ["2–3", "0"], ["4–7", "0"], ["8–14", "1"], ["15+", "0"],
    ]  # fmt: skip
    assert column(page, "Decided, by days that it took") == [0, 1, 0, 1, 1]
    assert "Days to the decision: 9 or fewer for half of them, 20 or fewer for nine in ten." in page.text
    of_types = {name: counts for name, *counts in table(page, "Open now, by type")}
    assert {*of_types} == {*(str(one.name) for one in MATTERS.values()), "All together"}
    assert of_types["Filed"] == of_types["All together"] == ["2", "0", "1"]
    came = {name: row for name, *row in table(page, "Came and decided from 27 Oct 2026 to 23 Nov 2026, by type")}
    took = {name: row for name, *row in table(page, "Days to the decision from 27 Oct 2026 to 23 Nov 2026, by type")}
    assert (came["Filed"], took["Filed"]) == (["4", "2"], ["2", "9"])
    assert (came["Law to look at again"], took["Law to look at again"]) == (["0", "0"], ["–none decided"] * 2)
    assert (came["All together"], took["All together"]) == (["5", "3"], ["9", "20"])


def test_one_type_is_counted_alone(app: Flask, clerk: Browser) -> None:
    put(app, *FEW)
    page = clerk.get("/figures?weeks=13&matter=help")
    assert len(table(page, "Came and decided, by week")) == 13
    assert [name for name, *_ in table(page, "Open now, by type")] == ["Wants help"]
    assert "Nothing is open." in page.text


@pytest.mark.parametrize("query", ["weeks=5", "weeks=13&matter=nothing", "weeks=&matter=", "weeks=x"])
def test_a_choice_that_is_not_offered_is_said_and_everything_shown(app: Flask, clerk: Browser, query: str) -> None:
    put(app, *FEW)
    page = clerk.get(f"/figures?{query}")
    assert (page.status, len(page.errors)) == (422, 1)
    assert len(table(page, "Came and decided, by week")) == 13
    assert table(page, "Open now, by type")[-1] == ["All together", "2", "0", "1"]


@pytest.mark.parametrize("matter", ["", "&matter=filed"])
def test_an_address_may_say_a_part(app: Flask, clerk: Browser, matter: str) -> None:
    put(app, *FEW)
    page = clerk.get(f"/figures?weeks=26{matter}")
    assert (page.status, len(table(page, "Came and decided, by week"))) == (200, 26)


# Nothing to show


def test_where_there_is_nothing_a_sentence_says_so(clerk: Browser) -> None:
    page = clerk.get("/figures")
    assert "Nothing is open, and in these weeks nothing came and nothing was decided." in page.text
    assert not page.main.xpath(".//table | .//figure | .//*[local-name()='svg']")


@pytest.mark.parametrize(
    ("those", "said", "pictures"),
    [
        ((Matter.FILED, 3, None), {"Nothing was decided in these weeks."}, 2),
        ((Matter.FILED, 3, 1), {"Nothing is open."}, 2),
        (
            (Matter.FILED, 300, None),
            {"Nothing came and nothing was decided in these weeks.", "Nothing was decided in these weeks."},
            1,
        ),
        ((Matter.FILED, 300, 20), {"Nothing is open, and in these weeks nothing came and nothing was decided."}, 0),
    ],
)
def test_no_chart_is_empty(
    app: Flask, clerk: Browser, those: tuple[Matter, int, int | None], said: set[str], pictures: int
) -> None:
    put(app, those)
    page = clerk.get("/figures")
    assert {words(one) for one in page.main.xpath(".//p") if words(one).startswith("Nothing")} == said
    assert len(page.main.xpath(".//figure")) == pictures


# The pictures


def pictures(page: Page) -> Mapping[str, HtmlElement]:
    """The SVG of each figure, by the caption of the table after it."""
    figures = page.main.xpath(".//figure")
    return {words(one.getnext().find("caption")): one.find("svg") for one in figures}


def counts(image: HtmlElement, coordinates: list[float]) -> list[int]:
    """What stands at these heights, by the numbers at the left axis."""
    ticks = image.xpath(".//g[@class='axis left']/g[@class='tick']")
    at = {int(words(one)): float(one.find("line").get("y1")) for one in ticks}
    top = max(at)
    return [round((at[0] - one) / (at[0] - at[top]) * top) for one in coordinates]


def bars(image: HtmlElement) -> list[int]:
    return counts(image, [float(one.get("y")) for one in image.xpath(".//g[@class='series columns']/rect")])


def points(image: HtmlElement) -> list[list[int]]:
    paths = [one.get("d").split() for one in image.xpath(".//g[@class='series lines']/path")]
    return [counts(image, [float(y) for y in path[2::3]]) for path in paths]


@pytest.mark.parametrize("weeks", [4, 13, 26])
@pytest.mark.parametrize("seed", range(3))
def test_each_picture_shows_what_the_table_after_it_says(app: Flask, clerk: Browser, weeks: int, seed: int) -> None:
    put(app, *some(seed))
    page = clerk.get(f"/figures?weeks={weeks}&matter=")
    shown = pictures(page)
    came, decided = points(shown["Came and decided, by week"])
    assert came == column(page, "Came and decided, by week", 1)
    assert decided == column(page, "Came and decided, by week", 2)
    for caption in ("Open, by days since they came", "Decided, by days that it took"):
        assert bars(shown[caption]) == column(page, caption)
        labels = [words(one) for one in shown[caption].xpath(".//g[@class='axis bottom']//text")]
        assert labels == [row[0] for row in table(page, caption)]


@pytest.mark.parametrize("most", [0, 1, 2, 3, 7, 19, 20, 21, 99, 100, 101, 4_999, 12_345, 100_000])
def test_the_axis_counts_in_whole_even_steps_as_far_as_is_needed(most: int) -> None:
    image = charts.columns("", ["a", "b"], [most, 0])
    ticks = sorted(int(one) for one in re.findall(r">(\d+)</text>", image))
    assert len({b - a for a, b in pairwise(ticks)}) == 1
    assert ticks[0] == 0
    assert ticks[-2] < max(most, 1) <= ticks[-1]
    assert len(ticks) <= 5


def test_the_policy_of_the_pages_lets_the_pictures_be_seen_as_they_are(app: Flask, clerk: Browser) -> None:
    put(app, *some(1))
    page = clerk.get("/figures")
    assert not page.tree.xpath("//@style | //style")
    for image in pictures(page).values():
        every = [*image.iter()]
        assert {one.tag for one in every} <= {"svg", "g", "rect", "path", "line", "text"}
        assert not any(name in ("id", "style", "href", "width", "height") for name in image.attrib)
        assert not image.xpath(".//@id | .//@href")
        fonts = {one.get("font-family") for one in every if one.tag == "text"}
        assert fonts == {"inherit"}


def test_each_picture_is_named_and_told_once_as_a_picture_and_once_as_a_table(app: Flask, clerk: Browser) -> None:
    put(app, *some(1))
    page = clerk.get("/figures")
    images = [*pictures(page).values()]
    assert len(images) == 3
    assert all(image.get("role") == "img" for image in images)
    assert len({image.get("aria-label") for image in images}) == 3
    assert all(words(image.getparent().find("figcaption")) for image in images)
    caption = "Open, by days since they came"
    told = re.findall(r": (\d+)(?:;|$)", pictures(page)[caption].get("aria-label"))
    assert [int(one) for one in told] == column(page, caption)
    for one in page.main.xpath(".//table"):
        assert {head.get("scope") for head in one.xpath(".//thead//th")} == {"col"}
        assert {head.get("scope") for head in one.xpath(".//tbody//th")} == {"row"}


def test_what_is_written_in_a_picture_is_no_markup() -> None:
    image = charts.columns('"><b>', ["<i>"], [1])
    assert "<b>" not in image
    assert "<i>" not in image


def test_every_colour_stands_out_from_the_paper() -> None:
    style = (ROOT / "static" / "rightface.css").read_text(encoding="utf-8")
    known = dict(re.findall(r"(--rf-[a-z-]+): (#[0-9a-f]{6})", style.partition("prefers-contrast")[0]))
    image = charts.lines("", ["a", "b"], ("c", [1, 2]), ("d", [2, 1])) + charts.columns("", ["a"], [1])
    drawn = {*re.findall(r'<(?:rect|path)[^>]* (?:fill|stroke)="var\((--[a-z-]+)\)"', image)}
    written = {*re.findall(r'<text[^>]* fill="var\((--[a-z-]+)\)"', image)}
    assert len(drawn) == 2
    assert all(contrast(known[one], known["--rf-paper"]) >= 3 for one in drawn)
    assert written
    assert all(contrast(known[one], known["--rf-paper"]) >= 4.5 for one in written)


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 counts it."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Of nobody


def test_nobody_stands_in_the_figures(app: Flask, clerk: Browser) -> None:
    put(app, *some(1))
    page = clerk.get("/figures")
    assert "none of them is about a person who works here" in page.text
    assert "Cleo" not in page.text
    assert "a" * 32 not in page.answer.text
    assert "record-" not in page.answer.text


@pytest.mark.parametrize("role", Role)
def test_the_desk_leads_there_whoever_may_see_them(app: Flask, role: Role) -> None:
    browser = signed_in(app, role)
    may = Permission.FIGURES in ROLES[role]
    assert ("/figures" in browser.get("/").links()) is may
    assert browser.get("/figures").status == (200 if may else 403)
