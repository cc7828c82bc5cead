"""What a browser would send of the forms that a page shows: successful controls, as HTML calls them."""

from html.parser import HTMLParser

from django.http import HttpResponse

Fields = dict[str, str | list[str]]


class _Reader(HTMLParser):
    """Each POST form of the page's own content as a list of (name, value); buttons are pressed by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.open = False
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = has.get("method") == "post" and has.get("action") not in {"/bahasa/", "/keluar/"}
            self.forms += [[]] if self.open else []
        if self.open and tag == "input" and has.get("name"):
            self._input(has)
        if self.open and tag == "select":
            self.select, self.options = has["name"], []
        if self.select and tag == "option":
            self.options.append((has.get("value", ""), "selected" in has))
        if self.open and tag == "textarea":
            self.area = has["name"]
            self.forms[-1].append((self.area, ""))

    def _input(self, has: dict[str, str]) -> None:
        ticks = has.get("type") in {"checkbox", "radio"}
        if has.get("type") != "file" and (not ticks or "checked" in has):
            self.forms[-1].append((has["name"], has.get("value", "on" if ticks else "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][-1] = (self.area, data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [v for v, _ in self.options[:1]]
            self.forms[-1] += [(self.select, value) for value in chosen]
            self.select = None
        if tag == "textarea":
            self.area = None
        if tag == "form":
            self.open = False


def forms_of(response: HttpResponse) -> list[Fields]:
    """The POST forms of a page but language and sign-out: name → value, or values where there are several."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return [_fields(pairs) for pairs in reader.forms]


def _fields(pairs: list[tuple[str, str]]) -> Fields:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def fields_of(response: HttpResponse, **having: str) -> Fields:
    """The one form of the page in which these fields have these values."""
    (found,) = [form for form in forms_of(response) if having.items() <= form.items()]
    return found
