"""What a file that somebody sent is called when it is shown and given back."""

import re
import unicodedata

from portal.papers.kinds import Kind

#: A line of a list on a narrow screen can hold it, and every file system.
MOST_CHARACTERS = 100
#: Stands for a name of which nothing is left.
NAMELESS = "paper"
#: Control and format characters (those that turn the direction of writing among them), halves of characters,
#: private and unassigned ones, ends of lines and of paragraphs.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: What a system reads as something else than a part of a name.
READ_OTHERWISE = re.compile(r'[<>:"|?*]')
#: What Windows takes for a device, whatever its ending.
DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=$|\.)", re.IGNORECASE)
#: What looks like an ending: it would say another kind than the right one behind it.
ENDING = re.compile(r"\.[a-z][a-z0-9]{1,4}$", re.IGNORECASE | re.ASCII)


def shown_name(name: str, kind: Kind) -> str:
    """A name that is safe to show and to save: no path, nothing unseen, the ending of what the file is.

    NFC, at most 100 characters, never empty, never a device of Windows, never hidden by a leading dot.
    """
    stem = _last_part(name)
    while ENDING.search(stem):
        stem = ENDING.sub("", stem)
    if DEVICE.match(stem):
        stem = f"{NAMELESS}-{stem}"
    stem = _tidy(stem[: MOST_CHARACTERS - len(f".{kind}")])
    return f"{stem or NAMELESS}.{kind}"


def told_name(name: str) -> str:
    """A name as it may be told to its sender: with the ending that it has, but no path and nothing unseen."""
    return _last_part(name)[:MOST_CHARACTERS]


def _last_part(name: str) -> str:
    """What follows the last slash of either kind, tidied."""
    return _tidy(re.split(r"[/\\]", name)[-1])


def _tidy(name: str) -> str:
    """NFC, without what is unseen or read otherwise, blanks folded, no dot or blank at either end."""
    seen = "".join(" " if one.isspace() else one for one in name if _is_seen(one) or one.isspace())
    plain = READ_OTHERWISE.sub("_", unicodedata.normalize("NFC", seen))
    return re.sub(r" +", " ", plain).strip(" .")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN
