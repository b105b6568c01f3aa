"""What a group writes of its campaign: it reads as it was meant, and can do no harm on our pages."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.markdown import rendered
from tests.building import ROOT

NAUGHTY = json.loads((ROOT / "tests" / "data" / "naughty" / "blns.json").read_text(encoding="utf-8"))
MAY_STAND = {"h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p style='position:fixed'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#x73;cript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/png;base64,iVBORw0KGgo=)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](https://example.org/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x][y]\n\n[y]: https://example.org/pixel.png",
    "[x](//example.org)",
    "[x](/cases)",
    "[x](#main)",
    '[x](https://example.org "onclick=alert(1)")',
    '[x](https://example.org" onclick="alert(1))',
    "[x]: https://example.org '><script>alert(1)</script>'\n\n[x]",
    "```html\n<script>alert(1)</script>\n```",
    "    <iframe src=https://example.org></iframe>",
    "`<svg/onload=alert(1)>`",
    "<!-- --><style>*{display:none}</style>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<form action=https://example.org><input name=key></form>",
    "# <a id=main name=main class=rf-button>x</a>",
]


class _Looked(HTMLParser):
    """Holds every tag to what may stand on a page of ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in MAY_STAND
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if name == "href":
                assert urlsplit(value or "").scheme in ("https", "http", "mailto")
            if name == "start":
                assert (value or "").isdecimal()
        if tag == "a":
            assert {"nofollow", "noopener"} <= set((dict(attrs)["rel"] or "").split())
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("an instruction")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a declaration")


def harmless(text: str) -> None:
    looked = _Looked()
    looked.feed(str(rendered(text)))
    looked.close()
    assert not looked.open


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "- {}", "> {}", "**{}**", "[{}](https://example.org)", "# {}", "a\n{}\nb"])
def test_no_payload_gives_more_than_words(payload: str, around: str) -> None:
    harmless(around.format(payload))


def test_nothing_of_the_naughty_list_does_harm() -> None:
    for one in NAUGHTY:
        harmless(one)
        harmless(f"# {one}\n\n- [{one}]({one})\n- ![{one}]({one})\n")


_PARTS = st.lists(
    st.sampled_from(["[", "](", ")", "<", ">", "javascript:", "!", "`", "\n", "\\", "&#", "x", '"', "*"])
)


@given(st.one_of(st.text(), _PARTS.map("".join)))
def test_whatever_is_written_does_no_harm(text: str) -> None:
    harmless(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# Title", "<h2>Title</h2>"),  # the page has its own h1
        ("# One\n## Below", "<h2>One</h2>\n<h3>Below</h3>"),
        ("##### Deep", "<h2>Deep</h2>"),  # no step is left out
        ("# A\n# B\n### C\n###### D\n# E", "<h2>A</h2>\n<h2>B</h2>\n<h3>C</h3>\n<h4>D</h4>\n<h2>E</h2>"),
        ("**strong** and *em*", "<p><strong>strong</strong> and <em>em</em></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("`code`", "<p>code</p>"),
        ("", ""),
    ],
)
def test_it_reads_as_it_was_meant(written: str, shown: str) -> None:
    assert str(rendered(written)).strip() == shown


def test_a_link_leads_out_and_is_no_recommendation() -> None:
    link = str(rendered("[us](https://example.org/?a=1&b=2)"))
    assert 'href="https://example.org/?a=1&amp;b=2"' in link
    assert 'rel="nofollow noopener noreferrer"' in link


def test_a_picture_is_a_link_at_most() -> None:
    assert "<img" not in rendered("![us](https://example.org/us.png)")
