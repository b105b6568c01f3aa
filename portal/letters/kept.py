"""A letter as it is kept, so that it can be had again as it was made."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.letters import blocks
from portal.letters.letter import Gloss, Labels, Layout, Letter


@dataclass(frozen=True, slots=True)
class Made:
    """A letter with what went with it: the cover in the authority's language, its meaning in the reader's."""

    letter: Letter
    cover: Letter | None = None
    gloss: Gloss | None = None


def written(made: Made) -> bytes:
    """As JSON; bodies as block text, which reads back as the same body."""
    return json.dumps(
        {
            "letter": _letter(made.letter),
            "cover": _letter(made.cover) if made.cover else None,
            "gloss": asdict(made.gloss) if made.gloss else None,
        },
        ensure_ascii=False,
    ).encode()


def read(text: bytes) -> Made:
    """What `written` wrote."""
    found = json.loads(text)
    return Made(
        _letter_of(found["letter"]),
        _letter_of(found["cover"]) if found["cover"] else None,
        _gloss_of(found["gloss"]) if found["gloss"] else None,
    )


def _letter(letter: Letter) -> dict[str, Any]:
    plain = {
        name: getattr(letter, name)
        for name in (
            "language",
            "sender",
            "addressee",
            "written_day",
            "salutation",
            "close",
            "signatory",
            "reference",
            "their_reference",
        )
    }
    return {
        **plain,
        "day": letter.day.isoformat(),
        "body": blocks.text(letter.body),
        "to_sign": blocks.text(letter.to_sign) if letter.to_sign else None,
        "labels": asdict(letter.labels),
        "layout": letter.layout.value,
        "facts": dict(letter.facts),
    }


def _letter_of(found: Mapping[str, Any]) -> Letter:
    changed = {
        "sender": tuple(found["sender"]),
        "addressee": tuple(found["addressee"]),
        "day": date.fromisoformat(found["day"]),
        "body": blocks.parse(found["body"]),
        "to_sign": blocks.parse(found["to_sign"]) if found["to_sign"] else None,
        "labels": Labels(**found["labels"]),
        "layout": Layout(found["layout"]),
    }
    return Letter(**{**found, **changed})


def _gloss_of(found: Mapping[str, Any]) -> Gloss:
    return Gloss(found["language"], found["subject"], tuple(found["meanings"]))
