"""What policy English says about measures: who, what, how firm, at what rate, on whom; and what is no measure."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from headway.errors import NoTradePolicy
from headway.policy import Measure
from headway.reading import read_text

DAY = dt.date(2025, 4, 4)
OFFICIAL = "SOURCE: https://www.whitehouse.gov/fact-sheets/2025/04/example/\n\n"
Row = tuple[str, str, str, float | None, float | None, tuple[str, ...]]


def measures(text: str, day: dt.date = DAY) -> tuple[Measure, ...]:
    try:
        return read_text(text, name="example", date=day).measures
    except NoTradePolicy:
        return ()


def rows(text: str) -> list[Row]:
    return [
        (m.imposer, m.instrument, m.stage, m.rate_low, m.rate_high, tuple(sorted(m.partners)))
        for m in measures(text)
    ]


SENTENCES = Path(__file__).resolve().parents[1] / "data" / "reading" / "sentences.csv"


def _sentences() -> list[tuple[str, Row]]:
    """Sentences with the one measure that each states; empty bounds are open, partners stand apart by ;."""
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        return [
            (
                row["text"],
                (
                    row["imposer"],
                    row["instrument"],
                    row["stage"],
                    float(row["low"]) if row["low"] else None,
                    float(row["high"]) if row["high"] else None,
                    tuple(sorted(filter(None, row["partners"].split(";")))),
                ),
            )
            for row in csv.DictReader(lines)
        ]


@pytest.mark.parametrize(("text", "measure"), _sentences())
def test_one_sentence_one_measure(text: str, measure: Row) -> None:
    assert rows(text) == [measure]


NONE = [
    "At least 85% of the steel must be melted and poured in the United States to qualify for the programme.",
    "The finance ministry expects tariffs to raise prices by 1.5%.",
    "The duties cover $360 billion of Chinese goods.",
    "A study found that a global tariff of 10% would grow the economy by $728 billion.",
    "Copper scrap is not subject to 232 or reciprocal tariffs.",
    "Tariffs work, and they protect American workers.",
    "President Trump vowed to overhaul the trade system.",
]


@pytest.mark.parametrize("text", NONE, ids=[text[:40] for text in NONE])
def test_talk_is_no_measure(text: str) -> None:
    assert rows(text) == []


def test_sixty_percent_on_chinese_goods_targets_china() -> None:
    (measure,) = measures(
        "Washington, which buys $400 billion of Chinese goods, threatened 60 percent tariffs on Chinese goods."
    )
    assert (measure.imposer, measure.partners) == ("USA", ("CHN",))


def test_expire_said_of_a_pause_is_a_suspension_with_an_end() -> None:
    text = (
        OFFICIAL
        + "Fact Sheet: President Donald J. Trump Extends a Date\nACTING: Today, President Donald J. Trump signed an "
        "Executive Order determining that certain tariff rates, which were set to expire on May 9, will "
        "expire on June 1, 2025."
    )
    (measure,) = measures(text)
    assert (measure.stage, measure.date_end, measure.direction) == ("suspended", dt.date(2025, 6, 1), "maintain")


def test_a_share_to_be_sold_is_no_duty() -> None:
    (measure,) = measures(
        "The order takes effect in May, requiring 25% of copper scrap produced in the United States to be "
        "sold in the United States, Trump said."
    )
    assert measure.instrument == "domestic_sales_requirement"


def test_mutual_easing_acts_on_both_sides() -> None:
    assert set(rows("The UK and the EU agreed to mutually eliminate tariffs on fish.")) == {
        ("GBR", "tariff", "pledged", 0, 0, ("EUU",)),
        ("EUU", "tariff", "pledged", 0, 0, ("GBR",)),
    }


def test_ten_countries_in_one_paragraph() -> None:
    text = (
        "Under the plan unveiled by Trump on April 2, imports from China would face a 34% levy, the European "
        "Union 20%, "
        "Vietnam 46%, Taiwan 32%, Japan 24%, India 26%, South Korea 25%, Thailand 36%, Switzerland 31% and "
        "Indonesia 32%."
    )
    found = {m.partners: m.rate_high for m in measures(text)}
    assert found == {
        (code,): rate
        for code, rate in zip(
            ["CHN", "EUU", "VNM", "TWN", "JPN", "IND", "KOR", "THA", "CHE", "IDN"],
            (34, 20, 46, 32, 24, 26, 25, 36, 31, 32),
            strict=True,
        )
    }


def test_a_list_takes_its_subject_from_the_header() -> None:
    text = (
        OFFICIAL
        + "Fact Sheet: President Donald J. Trump Notifies Partners\nNOTIFYING: President Trump sent letters on new "
        "reciprocal tariff rates that will take effect on May 1. The partners that received letters today "
        "are:\n"
        "- Norway (15%)\n- Kenya (10%)\n- Sri Lanka: 44%\n"
    )
    found = [(m.partners, m.rate_low, m.stage, m.date_effective) for m in measures(text)]
    assert found == [
        (("NOR",), 15, "announced", dt.date(2025, 5, 1)),
        (("KEN",), 10, "announced", dt.date(2025, 5, 1)),
        (("LKA",), 44, "announced", dt.date(2025, 5, 1)),
    ]


def test_rates_in_brackets_belong_to_those_who_impose() -> None:
    text = (
        "The United States imposes a 2.5% tariff on cars, while the European Union (10%) and India (70%) "
        "impose much "
        "higher duties."
    )
    assert {(m.imposer, m.rate_high) for m in measures(text)} == {("USA", 2.5), ("EUU", 10), ("IND", 70)}


def test_prior_rate_and_effective_day() -> None:
    (measure,) = measures(
        "Turkey will raise its duty on vehicles from China from 10 percent to 40 percent as of July 7."
    )
    assert (measure.rate_prior, measure.rate_low, measure.date_effective) == (10, 40, dt.date(2025, 7, 7))
    assert measure.date_anchor == DAY


def test_steps_are_a_range() -> None:
    text = (
        OFFICIAL
        + "Fact Sheet: President Donald J. Trump Adjusts Imports\nACTING: Today, President Donald J. Trump signed a "
        "Proclamation.\n- The Proclamation imposes a 25% global tariff on furniture, which will increase to "
        "30% on January 1."
    )
    (measure,) = measures(text)
    assert (measure.stage, measure.rate_low, measure.rate_high) == ("ordered", 25, 30)


def test_a_day_after_signing_is_counted_from_the_anchor() -> None:
    text = (
        OFFICIAL
        + "Fact Sheet: President Donald J. Trump Imposes a Duty\nACTING: Today, President Donald J. Trump signed a "
        "Proclamation.\n- The Proclamation imposes a 15% tariff on imports of silicon.\n- The remedies will "
        "take effect 120 days "
        "after signing."
    )
    (measure,) = measures(text)
    assert measure.date_effective == DAY + dt.timedelta(days=120)


def test_the_same_measure_is_read_once_and_quoted_exactly() -> None:
    text = (
        "SOURCE: a wire, 4 April 2025\n\nTrump imposed a 25% tariff on imported cars on Thursday. The 25% "
        "tariff on cars will "
        "hurt Korea. Analysts said the car tariffs were expected."
    )
    (measure,) = measures(text)
    quote = measure.evidence
    assert quote is not None
    assert text[quote.start : quote.end] == quote.text
    assert "25% tariff" in quote.text
    assert quote.rule.startswith("tariff.")


def test_goods_resolve_to_hs_codes_with_the_match_shown() -> None:
    (measure,) = measures("Washington imposed a 25% tariff on semiconductors and steel.")
    assert measure.products == ("semiconductors", "steel")
    chips = measure.product_matches[0]
    assert "8542" in chips.hs
    assert chips.sectors == ("electronics",)
    assert chips.match


def test_a_group_is_spelled_out_and_the_eu_stays_one_partner() -> None:
    (measure,) = measures("Washington imposed a 10% tariff on goods from the EU and from ASEAN.")
    assert "EUU" in measure.partners
    assert {"VNM", "THA", "IDN"} <= set(measure.partners)
