"""A letter as plain text: whole, for an e-mail; short, for a web form."""

from collections.abc import Iterator

from portal.letters import blocks
from portal.letters.blocks import SHORT_TEXT, Body, Details, Heading, Items, Line, Paragraph, Table
from portal.letters.compose import plain
from portal.letters.letter import Letter

#: The person's own words are not cut below this.
_OWN_WORDS = 400


def subject(letter: Letter) -> str:
    """The subject, without the word that a language puts before it."""
    return plain(letter.body.subject)


def text(letter: Letter) -> str:
    """The letter for an e-mail: their number, salutation, blocks, close, name, what is enclosed."""
    told = _blocks(letter.body, letter.labels.colon)
    parts = [*_their_reference(letter), letter.salutation, *told, letter.close, letter.signatory]
    if letter.body.enclosures:
        parts.append(f"{letter.labels.enclosures}{letter.labels.colon}\n{_numbered(letter.body.enclosures)}")
    return "\n\n".join(parts) + "\n"


def printed(letter: Letter) -> str:
    """The letter as a plain-text page, with the addresses and the date."""
    head = ["\n".join(letter.sender), "\n".join(letter.addressee), letter.written_day]
    if letter.reference:
        head.append(f"{letter.labels.my_reference}{letter.labels.colon} {letter.reference}")
    return "\n\n".join([*head, f"{letter.labels.subject}{subject(letter)}", text(letter)])


def short(letter: Letter) -> str:
    """The same right, articles and time limit in under 2,000 characters.

    Leaves out what the template marks as long. Where a person writes so much that it would still not fit, their own
    words are cut first, then rows of details left out from the last, then blocks from the last. What is asked for, as
    a list at the very end, stays longest, with what introduces it.
    """
    body = Body(letter.body.subject, tuple(block for block in letter.body.blocks if not block.long))
    while (over := len(whole := _short(letter, body)) - SHORT_TEXT + 1) > 0:
        shorter = _with_words_cut(body, over) or _without_last_row(body) or _without_last_block(body)
        if shorter is None:
            return whole[: SHORT_TEXT - 2].rstrip() + "…"
        body = shorter
    return whole


def _with_words_cut(body: Body, over: int) -> Body | None:
    """The body with the person's own words shorter by what is over; None where they are short already."""
    laid = list(body.blocks)
    for n, block in enumerate(laid):
        words = plain(block.text) if isinstance(block, Paragraph) and not block.id else ""
        if len(words) > _OWN_WORDS:
            kept = max(_OWN_WORDS - 1, len(words) - over - 1)
            laid[n] = Paragraph((words[:kept].rstrip() + "…",))
            return Body(body.subject, tuple(laid))
    return None


def _without_last_block(body: Body) -> Body | None:
    laid = body.blocks
    asked = 2 if len(laid) > 3 and isinstance(laid[-1], Items) else 0
    if len(laid) < 2:
        return None
    return Body(body.subject, (*laid[: len(laid) - asked - 1], *laid[len(laid) - asked :]))


def _short(letter: Letter, body: Body) -> str:
    told = _blocks(body, letter.labels.colon)
    return "\n\n".join([plain(body.subject), *_their_reference(letter), *told, letter.signatory])


def _their_reference(letter: Letter) -> Iterator[str]:
    if letter.their_reference:
        yield f"{letter.labels.your_reference}{letter.labels.colon} {letter.their_reference}"


def _without_last_row(body: Body) -> Body | None:
    """The body with one detail fewer; None where only the name is left."""
    laid: list[blocks.Block] = []
    cut = False
    for block in body.blocks:
        if isinstance(block, Table) and len(block.rows) > 1 and not cut:
            laid.append(Table(block.rows[:-1], block.id))
            cut = True
        else:
            laid.append(block)
    return Body(body.subject, tuple(laid)) if cut else None


def _blocks(body: Body, colon: str) -> Iterator[str]:
    for block in body.blocks:
        match block:
            case Heading(line):
                yield plain(line)
            case Paragraph(line):
                yield plain(line)
            case Items(items):
                yield _numbered(items)
            case Table(rows):
                yield "\n".join(f"{plain(label)}{colon} {plain(value)}" for label, value in rows)
            case Details():
                continue


def _numbered(lines: tuple[Line, ...]) -> str:
    return "\n".join(f"{n}. {plain(line)}" for n, line in enumerate(lines, start=1))
