"""Watched sources: feeds and the Federal Register; new documents since the last run, kept with time and hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode, urljoin
from xml.etree import ElementTree

from pydantic import ValidationError

from headway.errors import DataError, HeadwayError, UnreadableInput
from headway.policy.records import Record
from headway.reading.source import Fetched, Fetcher, fetch

FEDERAL_REGISTER = "https://www.federalregister.gov/api/v1/documents.json"
INDEX = "index.jsonl"
ATOM = "{http://www.w3.org/2005/Atom}"


class Watched(Record):
    """A source to watch: a feed (RSS or Atom) at `url`, or the Federal Register's search for `term`."""

    name: str
    kind: Literal["feed", "federal_register"]
    url: str = FEDERAL_REGISTER
    term: str = ""

    @property
    def address(self) -> str:
        """The address that lists the newest documents."""
        if self.kind == "feed":
            return self.url
        fields = ["title", "publication_date", "document_number", "html_url", "raw_text_url"]
        query = [("conditions[term]", self.term), ("order", "newest"), ("per_page", "50")]
        return f"{self.url}?{urlencode(query + [('fields[]', field) for field in fields])}"


class Entry(Record):
    """A document that a source lists."""

    key: str
    url: str
    title: str = ""
    published: dt.date | None = None


class Kept(Record):
    """A document as kept: where it came from, when it was fetched, its hash and the file that holds its bytes."""

    source: str
    key: str
    url: str
    title: str
    published: dt.date | None = None
    retrieved: dt.datetime
    sha256: str
    file: str


class Report(Record):
    """One run: documents that are new, and what went wrong, source by source."""

    new: tuple[Kept, ...] = ()
    troubles: tuple[str, ...] = ()


def watch(sources: Sequence[Watched], store: Path, *, fetcher: Fetcher = fetch) -> Report:
    """Fetch what the sources list and the store does not hold; a document is known by its key, address or bytes.

    Each document's bytes go to `store/<sha256>`, its record to the store's index. A source or document that fails
    is reported and tried again next time.
    """
    store.mkdir(parents=True, exist_ok=True)
    known = list(index(store))
    new: list[Kept] = []
    troubles: list[str] = []
    for source in sources:
        try:
            listed = entries(source, fetcher(source.address))
        except HeadwayError as trouble:
            troubles.append(f"{source.name}: {trouble}")
            continue
        for entry in listed:
            if any(entry.key == one.key or entry.url == one.url for one in known):
                continue
            try:
                kept = _keep(source, entry, fetcher(entry.url), store)
            except HeadwayError as trouble:
                troubles.append(f"{source.name}: {trouble}")
                continue
            if all(kept.sha256 != one.sha256 for one in known):
                new.append(kept)
            known.append(kept)
            _note(kept, store)
    return Report(new=tuple(new), troubles=tuple(troubles))


def index(store: Path) -> Iterator[Kept]:
    """The records of a store, oldest first; raises DataError naming the line that is broken."""
    path = store / INDEX
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield Kept.model_validate_json(line)
        except ValidationError:
            raise DataError(
                f"{path}, line {number}: no record of a kept document.", "Mend or remove the line."
            ) from None


def entries(source: Watched, listed: Fetched) -> tuple[Entry, ...]:
    """The documents that a source lists; raises UnreadableInput for an unknown layout."""
    return tuple(_feed(source, listed.data) if source.kind == "feed" else _register(source, listed.data))


def _keep(source: Watched, entry: Entry, fetched: Fetched, store: Path) -> Kept:
    digest = hashlib.sha256(fetched.data).hexdigest()
    path = store / digest
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_bytes(fetched.data)
        partial.replace(path)
    return Kept(
        source=source.name,
        key=entry.key,
        url=entry.url,
        title=entry.title,
        published=entry.published,
        retrieved=fetched.retrieved,
        sha256=digest,
        file=path.name,
    )


def _note(kept: Kept, store: Path) -> None:
    with (store / INDEX).open("a", encoding="utf-8") as lines:
        lines.write(kept.model_dump_json() + "\n")


def _register(source: Watched, data: bytes) -> Iterator[Entry]:
    try:
        results = json.loads(data)["results"]
        found = [(one["document_number"], one.get("raw_text_url") or one["html_url"], one) for one in results]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableInput(
            f"{source.name}: the answer of the Federal Register has another layout than v1.",
            "Report it; nothing was kept.",
        ) from None
    for number, url, one in found:
        yield Entry(
            key=str(number),
            url=str(url),
            title=str(one.get("title", "")),
            published=_day(one.get("publication_date")),
        )


def _feed(source: Watched, data: bytes) -> Iterator[Entry]:
    if b"<!ENTITY" in data[:4000]:
        raise UnreadableInput(
            f"{source.name}: the feed defines entities, which feeds do not need.", "Check its address."
        )
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as trouble:
        raise UnreadableInput(f"{source.name}: the feed is no XML: {trouble}.", "Check its address.") from None
    items = [*root.iter("item"), *root.iter(f"{ATOM}entry")]
    if not items and root.tag not in ("rss", f"{ATOM}feed"):
        raise UnreadableInput(f"{source.name}: the feed is neither RSS nor Atom.", "Check its address.")
    for item in items:
        link = _text(item, ("link",)) or _href(item)
        if link:
            url = urljoin(source.url, link)
            key = _text(item, ("guid", f"{ATOM}id")) or url
            when = _text(item, ("pubDate", f"{ATOM}updated", f"{ATOM}published"))
            yield Entry(key=key, url=url, title=_text(item, ("title", f"{ATOM}title")), published=_day(when))


def _text(item: ElementTree.Element, tags: Iterable[str]) -> str:
    found = (item.findtext(tag) for tag in tags)
    return next((text.strip() for text in found if text and text.strip()), "")


def _href(item: ElementTree.Element) -> str:
    links = item.findall(f"{ATOM}link")
    chosen = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return (chosen.get("href") or "") if chosen is not None else ""


def _day(text: object) -> dt.date | None:
    """The day of an ISO date or of a date as mail writes it; None if it is neither."""
    if not isinstance(text, str) or not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None
