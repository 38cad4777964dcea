"""What the tests of the page share: the page as a browser sees it, and its parts as text."""

from __future__ import annotations

from html.parser import HTMLParser

from tauten.report import page


class Read(HTMLParser):
    """The page as a browser sees it: tags with attributes, and the words outside style and drawings' numbers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(html.replace("<wbr>", ""))

    def handle_starttag(self, tag: str, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br", "path", "use", "image"):
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside and data.strip():
            self.words.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.words)


def words(plan) -> str:
    """The page without its drawings, which take their time."""
    return page.render(plan, ())


def patient_part(html: str) -> str:
    return Read(html[html.index('<section id="patient"') : html.index("<footer>")]).text
