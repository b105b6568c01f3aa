"""What the child process does that sets letters."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from portal.bounded import child

#: Set before the doors are shut, so that what letters need is loaded: the faces, a list, a table, two pages.
WARM_UP = (
    '<html lang="en"><head><title>-</title></head><body><article class="letter a4-left" lang="en"'
    ' data-before="1" data-between="/" data-after=""><h1>a</h1><p>a <i>a</i></p><ol><li>a</li></ol><table>'
    '<tr><th scope="row">a</th><td>a</td></tr></table><div class="to-sign"><p>a<wbr>a</p></div></article></body>'
    "</html>"
)
#: What may still be read when the doors are shut: code that is loaded late, and the bundled fonts.
READABLE = (sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[2] / "static" / "fonts"))


def main(put: Callable[..., bytes]) -> None:
    """Answer the documents that come in together with one PDF, until the parent goes."""
    child.main(lambda job: put(*json.loads(job)), json.dumps([WARM_UP]).encode(), READABLE)
