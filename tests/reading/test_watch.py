"""Watched sources against a local server: new documents once, with time and hash; failures named and tried again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from headway.errors import DataError, UnreadableInput
from headway.reading.source import Fetched, fetch
from headway.reading.watch import Watched, entries, index, watch

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
<item><title>Steel duties</title><link>{base}/steel</link><guid>g1</guid>
<pubDate>Fri, 04 Apr 2025 10:00:00 GMT</pubDate></item>
<item><title>The same</title><link>{base}/copy</link><guid>g2</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>a1</id><title>Cars</title>
<link rel="alternate" href="/cars"/><updated>2025-04-05T09:00:00Z</updated></entry></feed>"""
PAGES = {
    "/steel": b"Trump imposed a 25% tariff on steel.",
    "/copy": b"Trump imposed a 25% tariff on steel.",
    "/cars": b"Cars.",
    "/law": b"Notice of duties.",
}


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        register = {
            "results": [
                {
                    "document_number": "2025-1",
                    "title": "T",
                    "publication_date": "2025-04-03",
                    "raw_text_url": f"{base}/law",
                }
            ]
        }
        pages = PAGES | {
            "/rss": RSS.format(base=base).encode(),
            "/atom": ATOM.encode(),
            "/register": json.dumps(register).encode(),
        }
        body = pages.get(self.path.partition("?")[0])
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_new_documents_once(base: str, tmp_path: Path) -> None:
    sources = [
        Watched(name="rss", kind="feed", url=f"{base}/rss"),
        Watched(name="atom", kind="feed", url=f"{base}/atom"),
        Watched(name="register", kind="federal_register", url=f"{base}/register", term="tariff"),
    ]
    first = watch(sources, tmp_path)
    assert [(one.source, one.title) for one in first.new] == [
        ("rss", "Steel duties"),
        ("atom", "Cars"),
        ("register", "T"),
    ]
    steel = first.new[0]
    assert steel.published == dt.date(2025, 4, 4)
    assert steel.sha256 == hashlib.sha256(PAGES["/steel"]).hexdigest()
    assert (tmp_path / steel.file).read_bytes() == PAGES["/steel"]
    assert steel.retrieved.tzinfo is not None
    assert watch(sources, tmp_path).new == ()
    assert len(list(index(tmp_path))) == 4


def test_a_failing_source_is_named_and_tried_again(base: str, tmp_path: Path) -> None:
    sources = [
        Watched(name="gone", kind="feed", url=f"{base}/gone"),
        Watched(name="atom", kind="feed", url=f"{base}/atom"),
    ]
    report = watch(sources, tmp_path)
    assert len(report.new) == 1
    assert report.troubles[0].startswith("gone:")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("feed", b"<html><p>no feed</p></html>"),
        ("feed", b"not xml"),
        ("feed", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss/>'),
        ("federal_register", b"[]"),
        ("federal_register", b'{"results": [{"no": "number"}]}'),
    ],
)
def test_an_unknown_layout_is_refused(kind: str, data: bytes) -> None:
    source = Watched.model_validate({"name": "x", "kind": kind})
    with pytest.raises(UnreadableInput):
        entries(source, Fetched("x", data, dt.datetime(2025, 4, 4, tzinfo=dt.UTC)))


def test_the_register_is_asked_for_the_term() -> None:
    address = Watched(name="x", kind="federal_register", term="section 232").address
    assert "conditions%5Bterm%5D=section+232" in address


def test_a_broken_index_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "index.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        list(index(tmp_path))


def test_only_web_addresses_are_fetched() -> None:
    with pytest.raises(UnreadableInput, match="no web address"):
        fetch("file:///etc/hosts")
