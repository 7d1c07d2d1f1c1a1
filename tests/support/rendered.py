"""What Markdown becomes, by GitHub's own parser and by CommonMark's grammar: all that it says outside code."""

from __future__ import annotations

from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
from markdown_it.token import Token

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CODE = frozenset({"code", "pre"})

Skeleton = tuple[tuple[str, ...], ...]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, ...]] = []
        self.code: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told.append((f"<{tag}>", *(f"{name}={value}" for name, value in attrs)))
        if tag in CODE:
            self._open.append(tag)
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self.told.append((f"</{tag}>",))
        if tag in CODE:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if self._open:
            self.code[-1] += data
        else:
            self.told.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self.told.append(("comment", data))


def _github(markdown: str) -> _Page:
    page = _Page()
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    page.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=options))
    page.close()
    return page


def skeletons(markdown: str) -> tuple[Skeleton, Skeleton]:
    """Return everything that `markdown` says outside code, as GitHub reads it and as CommonMark does."""
    return tuple(_github(markdown).told), tuple(_told(token) for token in flat(COMMONMARK.parse(markdown)))


def code_in(markdown: str) -> list[str]:
    """Return what is in the code of `markdown`, one text for each span and fence, as GitHub reads it."""
    return [text.rstrip("\n") for text in _github(markdown).code if text]


def flat(tokens: list[Token]) -> list[Token]:
    """Return `tokens` with those inside them."""
    return [inner for token in tokens for inner in (token, *flat(token.children or []))]


def _told(token: Token) -> tuple[str, ...]:
    if token.type in {"code_inline", "fence", "inline"}:  # the content of `inline` is told again by its children
        return (token.type,)
    return token.type, token.content, str(token.attrs)
