"""The scorer's arithmetic, and the targets on the annotated texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headway.errors import DataError
from headway.policy import Evidence, Measure
from headway.reading.score import Annotated, in_sample, left_out, load, main, pair, tally
from headway.reading.score_page import TARGETS, page

OWN = Path(__file__).resolve().parents[1] / "data" / "reading"


def _gold(start: int, end: int, **fields: Any) -> dict[str, Any]:
    base = {
        "imposer": "USA",
        "instrument": "tariff",
        "stage": "in_force",
        "rate_low": 25,
        "rate_high": 25,
        "targets_countries": ["KOR"],
        "targets_products": ["cars"],
        "direction": "restrict",
        "span": [start, end],
        "evidence": "x" * (end - start),
    }
    return base | fields


def _made(start: int, end: int, **fields: Any) -> Measure:
    base = {
        "id": f"m{start}",
        "imposer": "USA",
        "instrument": "tariff",
        "stage": "in_force",
        "partners": ("KOR",),
        "products": ("cars",),
        "rate_low": 25,
        "rate_high": 25,
        "evidence": Evidence(text="x" * (end - start), start=start, end=end, rule="a+b"),
    }
    return Measure.model_validate(base | fields)


def test_matching_is_one_to_one_and_prefers_agreement() -> None:
    gold = [_gold(0, 10), _gold(0, 10, rate_low=10, rate_high=10)]
    made = [_made(2, 8, rate_low=10, rate_high=10), _made(4, 9), _made(20, 30)]
    pairing = pair("x", "measures", made, gold)
    assert [(record.id, one["rate_low"]) for record, one in pairing.matched] == [("m2", 10), ("m4", 25)]
    assert [record.id for record in pairing.spurious] == ["m20"]
    total = tally([pairing])
    assert (total.precision, total.recall, total.accuracy("rate")) == (2 / 3, 1.0, 1.0)


def test_fields_are_compared_where_the_annotation_has_them() -> None:
    pairing = pair("x", "measures", [_made(0, 5, stage="pledged")], [_gold(0, 5, rate_prior=None)])
    total = tally([pairing])
    assert total.accuracy("stage") == 0.0
    assert total.fields["prior rate"] == (0, 0)
    assert total.accuracy("prior rate") == 1.0


def test_left_out_counts_only_rules_that_another_text_bears_out(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = load(OWN)
    full, less = (tally(found(texts, "measures")) for found in (in_sample, left_out))
    assert less.matched <= full.matched
    alone = left_out(texts[:1], "measures")
    assert tally(alone).matched == 0


def test_own_texts_meet_the_targets() -> None:
    total = {kind: tally(in_sample(load(OWN), kind)) for kind in ("measures", "statistics")}
    for (kind, name), goal in TARGETS.items():
        figures = {"precision": total[kind].precision, "recall": total[kind].recall}
        assert figures.get(name, total[kind].accuracy(name)) >= goal, (kind, name)


def test_the_corpus_meets_the_targets(shared_data: Path) -> None:
    total = {kind: tally(in_sample(load(shared_data / "corpus"), kind)) for kind in ("measures", "statistics")}
    for (kind, name), goal in TARGETS.items():
        figures = {"precision": total[kind].precision, "recall": total[kind].recall}
        assert figures.get(name, total[kind].accuracy(name)) >= goal, (kind, name)


def test_a_span_that_quotes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("Some text.", encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(
        '{"file": "a.txt", "measures": [{"span": [0, 4], "evidence": "None"}]}\n', encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"a\.txt"):
        load(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        load(tmp_path / "nothing")


def test_a_text_that_is_refused_scores_as_missed() -> None:
    text = Annotated("x", {"measures": [_gold(0, 5)]}, None)
    assert tally(in_sample([text], "measures")).recall == 0.0


def test_the_page_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "page.md"
    assert main(["--corpus", str(OWN), "--page", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == capsys.readouterr().out
    assert "| measures: precision |" in page(load(OWN), ())
