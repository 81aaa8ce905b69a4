"""`headway read` and `headway watch`: every way in, review, timelines, and one bad text among good ones."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from headway.cli.app import app
from headway.errors import HeadwayError
from headway.policy import load_scenario

SAMPLE = Path(__file__).parents[2] / "examples" / "announcement.txt"

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Trade</title>
<item><title>Tariffs pledged</title><link>{base}/announcement.txt</link><guid>1</guid></item>
</channel></rss>"""


def invoke(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=text, catch_exceptions=False)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A local web server with the sample and a feed that lists it."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "announcement.txt").write_bytes(SAMPLE.read_bytes())
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    base = f"http://127.0.0.1:{server.server_port}"
    (folder / "feed.xml").write_text(FEED.format(base=base), "utf-8")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield base
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_standard_input_and_an_address_give_the_same_measures(site: str) -> None:
    ways = (invoke("read", SAMPLE, "--json"), invoke("read", "-", "--json", text=SAMPLE.read_text("utf-8")))
    ways = (*ways, invoke("read", f"{site}/announcement.txt", "--json"))
    measures = [json.loads(one.stdout)["measures"] for one in ways]
    for measure in (one for read in measures for one in read):
        # An address is put above its text as the SOURCE line, so that spans differ; the words do not.
        measure["evidence"] = measure["evidence"]["text"]
    assert measures[0] == measures[1] == measures[2]
    assert [(m["imposer"], m["stage"]) for m in measures[0]][:2] == [("USA", "pledged"), ("USA", "threatened")]


def test_one_bad_text_among_good_ones_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01")
    done = invoke("read", SAMPLE, tmp_path / "bad.txt", "--json")
    assert done.exit_code != 0
    assert "bad.txt" in done.stderr
    assert json.loads(done.stdout)["name"] == "announcement.txt"


def test_review_writes_a_scenario_of_what_was_accepted(tmp_path: Path) -> None:
    out = tmp_path / "reviewed.yaml"
    done = invoke("read", SAMPLE, "--review", "--home", "Japan", "--out", out, text="e rate_low=15\na\nr\nr\n")
    assert done.exit_code == 0
    scenario = load_scenario(out)
    assert scenario.home == "JPN"
    assert [(m.rate_low, m.rate_high, m.origin) for m in scenario.measures] == [(15, 20, "person")]


def test_timelines_link_two_texts(tmp_path: Path) -> None:
    later = tmp_path / "later.txt"
    later.write_text(
        "WASHINGTON, Feb. 3, 2025 -- The president signed an executive order imposing a 10 percent tariff on all "
        "imports, effective March 4, 2025.",
        "utf-8",
    )
    lines = json.loads(invoke("read", SAMPLE, later, "--merge", "--json").stdout)
    blanket = next(line for line in lines if line["partners"] == ["ALL"] and line["instrument"] == "tariff")
    assert [step["stage"] for step in blanket["steps"]] == ["pledged", "ordered"]
    assert "t1" in invoke("read", SAMPLE, later, "--merge").stdout


def test_a_model_that_is_not_set_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADWAY_LLM_URL", raising=False)
    with pytest.raises(HeadwayError, match="No language model is set up"):
        invoke("read", SAMPLE, "--model")


def test_watch_keeps_what_is_new_and_nothing_twice(site: str, tmp_path: Path) -> None:
    store = tmp_path / "watched"
    first = invoke("watch", "--feed", f"{site}/feed.xml", "--store", store)
    again = invoke("watch", "--feed", f"{site}/feed.xml", "--store", store, "--json")
    assert first.exit_code == 0
    assert "1 new" in first.stdout
    assert json.loads(again.stdout)["new"] == []


def test_watch_names_a_source_that_fails(tmp_path: Path) -> None:
    done = invoke("watch", "--feed", "http://127.0.0.1:9/none.xml", "--store", tmp_path / "watched")
    assert done.exit_code != 0
    assert "127.0.0.1:9" in done.stderr
    with pytest.raises(HeadwayError, match="No source to watch"):
        invoke("watch")
