"""Rule sets and the legal questions they raise, from their terms alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from headway.errors import DataError, UnknownCode
from headway.response.support.flags import raise_flags
from headway.response.support.rules import Rules, parse_rules, read_rules, shipped_rules


def _instrument(**changes: object) -> Rules:
    """One plain instrument, changed in some terms."""
    instrument: dict[str, object] = {
        "id": "grant",
        "name": "Grant",
        "kind": "grant",
        "eligibility": {"source": "test"},
        "cost": {"fixed": 1.0, "cap": 1.0, "source": "test"},
        "effect": {"share": 0.1, "low": 0.0, "high": 0.2, "per_cost": 10.0, "source": "test"},
    }
    rules = {"id": "r", "title": "R", "currency": "USD", "per_usd": 1.0, "per_usd_source": "by definition"}
    return parse_rules(yaml.safe_dump(rules | {"instruments": [instrument | changes]}), "test.yaml")


def _articles(rules: Rules) -> list[str]:
    return [flag.article for flag in raise_flags(rules)]


def test_the_voucher_of_2025_with_its_export_threshold_raises_the_question_on_export_contingency() -> None:
    flags = [flag for flag in raise_flags(shipped_rules()) if flag.instrument == "voucher_fast"]
    threshold = flags[0]
    assert threshold.article == "SCM 3.1(a) and footnote 4"
    assert "2,000,000 USD" in threshold.because
    assert "200,000 USD" in threshold.because
    assert threshold.question.endswith("?")


def test_the_voucher_is_that_of_2025() -> None:
    voucher = next(one for one in shipped_rules().instruments if one.id == "voucher_fast")
    assert [(one.min_exports_usd, one.min_us_exports_usd) for one in voucher.eligibility.any_of] == [
        (2_000_000, 0),
        (0, 200_000),
    ]
    assert (voucher.firms.low, voucher.firms.high) == (200, 1300)
    assert len(shipped_rules().instruments) == 8


def test_a_plain_grant_raises_nothing() -> None:
    assert _articles(_instrument()) == []


@pytest.mark.parametrize(
    ("changes", "articles"),
    [
        ({"eligibility": {"source": "t", "any_of": [{"min_exports_usd": 1}]}}, ["SCM 3.1(a) and footnote 4"]),
        ({"cost": {"share_of_us_exports": 0.1, "cap": 9.0, "source": "t"}}, ["SCM 3.1(a) and footnote 4"]),
        ({"requires_domestic_inputs": True}, ["SCM 3.1(b)"]),
        ({"kind": "export_insurance", "premium_covers_cost": False}, ["SCM Annex I(j)"]),
        ({"kind": "export_insurance"}, []),
        ({"kind": "credit", "premium_covers_cost": False}, ["SCM Annex I(k)"]),
        ({"eligibility": {"source": "t", "items": ["steel"]}}, ["SCM 2.1, 5 and 6"]),
        ({"eligibility": {"source": "t", "regions": ["Jeju"]}}, ["SCM 2.2, 5 and 6"]),
        ({"eligibility": {"source": "t", "sizes": ["small"]}}, []),
    ],
)
def test_terms_raise_their_articles(changes: dict[str, object], articles: list[str]) -> None:
    assert _articles(_instrument(**changes)) == articles


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("currency: KRW million", "money: KRW", "unknown key money"),
        ("per_usd: 0.001364", "per_usd: -1", "per_usd"),
        ("[voucher_fast, voucher_regular]", "[voucher_fast, voucher_slow]", "no instrument 'voucher_slow'"),
        ("of: [small, medium]", "of: [tiny]", "no size 'tiny'"),
        ("low: 200, high: 1300", "low: 1300, high: 200", "cannot both hold"),
        ("share: 0.12, low: 0.04", "share: 0.02, low: 0.04", "outside its own range"),
        ("items: [auto_parts, steel", "items: [unobtainium, steel", "unobtainium"),
        ("max_per_firm: 2", "max_per_firm: 9", "max_per_firm"),
    ],
)
def test_bad_rule_sets_name_the_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    from importlib import resources

    text = (resources.files("headway.response") / "data" / "support" / "korea_2025.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        read_rules(path)


def test_an_unknown_rule_set_is_named() -> None:
    with pytest.raises(UnknownCode, match="no rule set 'mars'"):
        shipped_rules("mars")
