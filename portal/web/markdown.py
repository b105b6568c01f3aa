"""Markdown of a group as HTML that can do no harm."""

from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_LAST_HEADING = 4
_TAGS = {"h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
_REL = "nofollow noopener noreferrer"

#: “*” stands for every tag: none of them keeps a title or a language of its own.
_ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


def rendered(text: str) -> Markup:
    """Headings from h2 down, paragraphs, lists, quotations, emphasis and links to https, http and mailto.

    HTML that is written stays text; pictures, code and all else that Markdown knows lose their form and keep their
    words. What comes out went through an allow-list, and holds no script, style, event or picture.
    """
    tokens = _MARKDOWN.parse(text)
    _step_down(token for token in tokens if token.type in ("heading_open", "heading_close"))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(  # noqa: S704  (cleaned here, against an allow-list)
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes={"https", "http", "mailto"},
            url_relative="deny",
            link_rel=_REL,
        )
    )


def _step_down(headings: Iterable[Token]) -> None:
    """“# Title” is an h2, as the page has its own h1; no heading is more than one step below the one before."""
    level = 1
    for token in headings:
        if token.nesting == 1:
            level = min(int(token.tag[1:]) + 1, level + 1, _LAST_HEADING)
        token.tag = f"h{level}"
