"""Charts as SVG that stands in a page, in the colours and letters of the house."""

from collections.abc import Sequence
from math import ceil
from typing import Any
from xml.etree.ElementTree import Element, tostring

from leather import Chart, Ordinal, theme
from markupsafe import Markup

#: In units of the picture, which grows with the page; a letter is as large as in the text where that is 28 rem wide.
_WIDTH, _HEIGHT, _LETTER = 360, 240, 14
#: A variable of rightface.css may stand in an attribute; a `style` may not, by the policy of the pages.
FIRST, SECOND, WHOLE = "var(--rf-green)", "var(--rf-amber)", "var(--rf-line-strong)"
_DASHES = "6 4"
_STEPS = 4
#: So many labels fit below columns; the height of a bar, and what stands above and below all of them.
_LABELS, _ROW, _AROUND = 5, 26, 90

theme.background_color = "none"
theme.margin = 0.08  # of the width; half of a label stands beyond the last tick
theme.tick_color = "var(--rf-line)"
theme.zero_color = "var(--rf-line-strong)"
theme.label_color = theme.legend_color = "var(--rf-ink-soft)"
theme.tick_font_family = theme.legend_font_family = "inherit"
theme.tick_font_size = theme.legend_font_size = _LETTER
theme.default_line_width = 3


class _Whole:
    """A scale of whole numbers from 0 on, as `Chart` wants one; its own would write 2.5 tasks."""

    def __init__(self, top: int) -> None:
        self._top = max(top, 1)

    def contains(self, value: int) -> bool:
        return 0 <= value <= self._top

    def project(self, value: int, low: float, high: float) -> float:
        return round(low + (high - low) * value / self._top, 2)


def lines(
    says: str, labels: Sequence[str], first: tuple[str, Sequence[int]], second: tuple[str, Sequence[int]]
) -> Markup:
    """Two named rows of counts as lines, the second one dashed; a label a point, of which a few are written."""
    chart, last = Chart(), len(labels) - 1
    for (name, counts), colour, dashes in ((first, FIRST, None), (second, SECOND, _DASHES)):
        chart.add_line([*enumerate(counts)], name=name, stroke_color=colour, stroke_dasharray=dashes)
    chart.set_x_scale(_Whole(last))
    chart.add_x_axis([*range(0, len(labels), max(ceil(last / 3), 1))], lambda n, *_: labels[n])
    return _picture(chart, says, max(*first[1], *second[1]))


def columns(says: str, labels: Sequence[str], counts: Sequence[int]) -> Markup:
    """Counts as columns, each with its label."""
    chart = Chart()
    chart.add_columns([*zip(labels, counts, strict=True)], fill_color=FIRST)
    return _picture(chart, says, max(counts))


def shares(
    says: str,
    labels: Sequence[str],
    whole: tuple[str, Sequence[int | None]],
    part: tuple[str, Sequence[int | None]],
) -> Markup:
    """Named counts as columns, and within each the part of it; what is not known has no column."""
    chart = Chart()
    known = [(label, count, of) for label, count, of in zip(labels, part[1], whole[1], strict=True) if of is not None]
    chart.add_columns([*zip(labels, whole[1], strict=True)], name=whole[0], fill_color=WHOLE)
    if any(count is not None for _label, count, _of in known):
        chart.add_columns([(label, count) for label, count, _of in known], name=part[0], fill_color=FIRST)
    every = max(ceil(len(labels) / _LABELS), 1)
    chart.set_x_scale(Ordinal(labels))
    chart.add_x_axis([*labels], lambda label, n, _of: label if n % every == 0 else "")
    return _picture(chart, says, max(count for count in whole[1] if count is not None))


def bars(says: str, labels: Sequence[str], counts: Sequence[int]) -> Markup:
    """Counts as bars below each other, each with its label beside it."""
    chart = Chart()
    chart.add_bars([*zip(counts, labels, strict=True)], fill_color=FIRST)
    step = _step(max(counts))
    top = step * max(ceil(max(counts) / step), 1)
    chart.set_x_scale(_Whole(top))
    chart.add_x_axis([*range(0, top + 1, step)], lambda count, *_: str(count))
    return _image(chart, says, _ROW * len(labels) + _AROUND)


def _picture(chart: Any, says: str, most: int) -> Markup:
    """The chart as an image whose name is a sentence; as wide as the page lets it be."""
    step = _step(most)
    top = step * max(ceil(most / step), 1)
    chart.set_y_scale(_Whole(top))
    chart.add_y_axis([*range(0, top + 1, step)], lambda count, *_: str(count))
    return _image(chart, says, _HEIGHT)


def _image(chart: Any, says: str, height: int) -> Markup:
    image = Element("svg", {"viewBox": f"0 0 {_WIDTH} {height}", "role": "img", "aria-label": says})
    image.append(chart.to_svg_group(_WIDTH, height))
    return Markup(tostring(image, encoding="unicode"))  # noqa: S704  an element tree escapes what it is given


def _step(most: int) -> int:
    """The least of 1, 2, 5, 10, 20 … that counts so far in a few steps."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * _STEPS >= most:
                return step
        power *= 10
