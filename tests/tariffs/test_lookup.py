"""The law, as a customs lawyer would test it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.errors import OutsideDomain, UnknownCode
from headway.tariffs import Provision, Rating, Rulebook, rate_entry
from headway.tariffs.instruments import combine
from headway.tariffs.records import Entry
from headway.tariffs.schedule import codes, line

Rate = Callable[..., Rating]
Make = Callable[..., Provision]
CAR, SHIRT, SOAP = "8703230140", "6109100012", "3304995000"
DAY = "2026-03-15"


def book(*provisions: Provision) -> Rulebook:
    return combine([Rulebook(provisions=provisions, relations=())])


def find_line(general: str) -> str:
    """A line with a general rate and KORUS Free."""
    return next(
        code
        for code in codes()
        if line(code).general.text == general
        and "KR" in line(code).special
        and line(code).special["KR"].form == "free"
    )


@pytest.mark.parametrize(("floor", "unclaimed", "claimed"), [("15", "0.20", "0.15"), ("12.5", "0.20", "0.125")])
def test_korus_law(rated: Rate, provision: Make, floor: str, unclaimed: str, claimed: str) -> None:
    """General 20 %, special Free: the floor compares with the general or the claimed special rate."""
    code = find_line("20%")
    korea = provision("floor", kind="floor_total", compare="column_1", rate=Decimal(floor) / 100)
    assert rated(code, "KOR", DAY, book=book(korea)).total == Decimal(unclaimed)
    assert rated(code, "KOR", DAY, book=book(korea), program="KR").total == Decimal(claimed)


def test_the_floors_of_the_eu_and_japan_compare_with_general_only(rated: Rate) -> None:
    floors = {("DEU", "2025-09-10"): "9903.02.19/.20", ("JPN", "2025-09-20"): "9903.02.72/.73"}
    for (origin, day), heading in floors.items():
        rating = rated(SHIRT, origin, day)
        assert rating.total == Decimal("0.165")
        assert [(one.heading, one.amount) for one in rating.layers] == [(heading, 0)]


def test_goods_of_korea_get_the_floor_without_a_claim(rated: Rate) -> None:
    rating = rated(CAR, "KOR", "2025-12-10")
    assert rating.total == Decimal("0.15")
    assert rating.column == "1 general"


@pytest.mark.parametrize(
    ("day", "unclaimed", "claimed"),
    [
        ("2025-01-15", "0.025", "0"),
        ("2025-04-03", "0.275", "0.25"),
        ("2025-10-31", "0.275", "0.25"),
        ("2025-11-01", "0.15", "0.15"),
        ("2026-03-15", "0.15", "0.15"),
        ("2026-11-24", "0.15", "0.15"),
    ],
)
def test_every_korean_step_for_cars(rated: Rate, day: str, unclaimed: str, claimed: str) -> None:
    assert rated(CAR, "KOR", day).total == Decimal(unclaimed)
    assert rated(CAR, "KOR", day, program="KR").total == Decimal(claimed)


@pytest.mark.parametrize(
    ("day", "total"),
    [
        ("2025-04-04", "0"),
        ("2025-04-05", "0.10"),
        ("2025-04-09", "0.25"),
        ("2025-04-10", "0.10"),
        ("2025-08-06", "0.10"),
        ("2025-08-07", "0.15"),
        ("2025-11-14", "0.15"),
        ("2026-02-23", "0.15"),
        ("2026-02-24", "0.10"),
        ("2026-07-23", "0.10"),
        ("2026-07-24", "0.125"),
    ],
)
def test_every_korean_step_of_the_general_duties(rated: Rate, day: str, total: str) -> None:
    assert rated(SOAP, "KOR", day, steel_share=0, aluminium_share=0).total == Decimal(total)


def test_in_transit_goods_keep_the_old_rate(rated: Rate) -> None:
    assert rated(SHIRT, "KOR", "2025-08-20", loaded="2025-08-01").additional == Decimal("0.10")
    assert rated(SHIRT, "KOR", "2025-08-20", loaded="2025-08-07").additional == Decimal("0.15")
    assert rated(SHIRT, "KOR", "2025-10-05", loaded="2025-08-01").additional == Decimal("0.15")
    assert rated(SHIRT, "KOR", "2025-04-20", loaded="2025-04-01").additional == 0


def test_retroactive_law_was_collected_otherwise(rated: Rate) -> None:
    """Korea's autos: effective on 1 November, published on 4 December 2025."""
    assert rated(CAR, "KOR", "2025-11-20", known_on="2025-11-20").total == Decimal("0.275")
    assert rated(CAR, "KOR", "2025-11-20", known_on="2025-12-04").total == Decimal("0.15")
    assert rated(SHIRT, "KOR", "2025-11-20", known_on="2025-11-20").total == Decimal("0.315")
    assert rated(SHIRT, "KOR", "2025-11-20").total == Decimal("0.165")
    assert rated(SHIRT, "JPN", "2025-08-20", known_on="2025-08-20").total == Decimal("0.315")
    assert rated(SHIRT, "JPN", "2025-08-20").total == Decimal("0.165")


def test_metals_apply_to_content_until_april_2026_and_to_full_value_after(rated: Rate) -> None:
    hinge = "8302416045"
    before = rated(hinge, "VNM", "2026-01-15", steel_share=0, aluminium_share=Decimal("0.4"))
    assert before.additional == Decimal("0.5") * Decimal("0.4") + Decimal("0.2") * Decimal("0.6")
    after = rated(hinge, "VNM", "2026-05-01")
    assert [(one.heading, one.amount) for one in after.layers] == [("9903.82.09", Decimal("0.25"))]


def test_undeclared_metal_content_is_unknown_not_zero(rated: Rate) -> None:
    rating = rated(SOAP, "KOR", "2025-11-14")
    assert rating.total is None
    assert not rating.complete
    assert any("aluminium_share" in gap.reason for gap in rating.missing)


def test_autos_exclude_metals_and_surcharges(rated: Rate) -> None:
    part = "8708295160"
    for day in ("2025-10-01", "2026-03-15", "2026-08-15"):
        assert {one.authority for one in rated(part, "KOR", day).layers} == {"S232 vehicles"}


def test_canada_metals_and_fentanyl_change_order_in_june(rated: Rate) -> None:
    plate = "7606123035"
    assert {one.heading for one in rated(plate, "CAN", "2025-05-15").layers} == {"9903.01.10"}
    assert {one.heading for one in rated(plate, "CAN", "2025-06-15").layers} == {"9903.85.02"}


def test_china_stacks_301_fentanyl_and_232(rated: Rate) -> None:
    rating = rated("7606113030", "CHN", "2026-02-12")
    assert rating.additional == Decimal("0.85")


def test_a_line_on_a_301_list_and_the_review_pays_the_higher_once(rated: Rate) -> None:
    diode = rated("8541100050", "CHN", "2025-02-01")
    assert [one.amount for one in diode.layers] == [Decimal("0.5")]


def test_russia_pays_column_2_or_its_replacement(rated: Rate) -> None:
    assert rated(SHIRT, "RUS", "2022-05-01").column == "2"
    salt = next(code for code in codes() if code.startswith("2501"))
    rating = rated(salt, "RUS", "2023-05-01")
    assert rating.total == Decimal("0.35")
    assert rating.layers[0].kind == "replaces"


def test_unlike_ieepa_the_surcharge_reaches_column_2(rated: Rate) -> None:
    cuba = rated(SHIRT, "CUB", "2025-05-01")
    assert cuba.additional == 0
    assert rated(SHIRT, "CUB", "2026-03-15").additional == Decimal("0.10")


def test_a_specific_duty_without_quantity_is_unknown(rated: Rate) -> None:
    steers = "0102294062"
    rating = rated(steers, "NZL", DAY)
    assert (rating.base, rating.total, rating.complete) == (None, None, False)
    known = rated(steers, "NZL", DAY, value=100_000, quantity=21_000)
    assert known.base == Decimal("0.0021")
    assert known.duty_usd == (Decimal("0.0021") + known.additional) * 100_000


def test_a_floor_on_an_unknown_base_is_unknown(rated: Rate) -> None:
    assert rated("0102294062", "DEU", "2026-10-09").additional is None


def test_chapter_98(rated: Rate) -> None:
    returned = rated("9801001012", "CHN", DAY)
    assert returned.total == 0
    assembled = rated(SHIRT, "VNM", DAY, chapter98="98020080", dutiable_share=Decimal("0.6"))
    assert assembled.total == (Decimal("0.165") + Decimal("0.10")) * Decimal("0.6")
    processed = rated("7606123035", "VNM", DAY, chapter98="98020060", dutiable_share=Decimal("0.5"))
    assert processed.total == Decimal("0.03") * Decimal("0.5") + Decimal("0.5")
    assert not rated("9802008040", "VNM", DAY).complete


def test_a_decisive_fact_must_be_answered(rated: Rate) -> None:
    chip = ("8471804000", "MEX", "2026-01-16")
    open_question = rated(*chip)
    assert not open_question.complete
    assert rated(*chip, facts=["semiconductor_parameters"]).additional == Decimal("0.25")
    answered = rated(*chip, denied=["semiconductor_parameters"], program="S", facts=["usmca"])
    assert answered.complete
    assert answered.additional == 0


def test_unknown_lists_make_the_answer_incomplete_and_say_why(rated: Rate) -> None:
    cases = {
        (SOAP, "KOR", "2026-08-01"): "note 52",
        ("3004909218", "IND", "2026-10-09"): "40(c)",
        ("8471300100", "BRA", "2026-08-01"): "note 50",
        ("8806220000", "CHN", "2026-10-09"): "note 43",
        (SOAP, "CHN", "2018-12-01"): "83 FR 47974",
        ("2203000030", "CAN", "2026-08-20"): "sources",
    }
    for case, words in cases.items():
        rating = rated(*case, steel_share=0, aluminium_share=0)
        assert not rating.complete, case
        assert any(words in gap.reason for gap in rating.missing), case


def test_cars_of_korea_are_complete_in_november_2026(rated: Rate) -> None:
    assert rated(CAR, "KOR", "2026-11-24").complete


def test_what_is_announced_is_listed_with_its_day(rated: Rate) -> None:
    later = rated("8716390090", "CHN", "2026-10-01", facts=["intermodal_chassis"]).upcoming
    assert [(one.heading, one.effective) for one in later] == [("9903.91.12", dt.date(2026, 11, 10))]


def test_section_338_conflict_is_flagged(rated: Rate) -> None:
    assert not rated("2203000030", "CAN", "2026-08-20", program="S").complete
    assert any(one.heading == "9903.03.12" for one in rated("2203000030", "CAN", "2026-08-22", program="S").layers)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"origin": "USA"}, UnknownCode),
        ({"origin": "ATL"}, UnknownCode),
        ({"hts10": "8703239999"}, UnknownCode),
        ({"day": "2017-12-31"}, OutsideDomain),
        ({"program": "AU"}, OutsideDomain),
        ({"program": "XX"}, UnknownCode),
        ({"chapter98": "98020080"}, OutsideDomain),
        ({"chapter98": "98010010", "dutiable_share": 1}, UnknownCode),
    ],
)
def test_bad_input_is_refused(changes: dict[str, object], error: type[Exception]) -> None:
    entry = Entry.model_validate({"hts10": CAR, "origin": "KOR", "day": DAY} | changes)
    with pytest.raises(error):
        rate_entry(entry)


def test_a_lapsed_programme_is_incomplete(rated: Rate) -> None:
    line_with_agoa = next(c for c in codes() if "D" in line(c).special and line(c).general.is_ad_valorem)
    assert not rated(line_with_agoa, "ZAF", DAY, program="D").complete


def test_without_instruments_the_total_is_the_base_rate(rated: Rate) -> None:
    nothing = Rulebook(provisions=(), relations=())
    for code in (CAR, SHIRT, "7208101500"):
        rating = rated(code, "CHN", DAY, book=nothing)
        assert rating.total == rating.base
        assert rating.complete


RATES = st.integers(0, 100).map(lambda n: Decimal(n) / 100)


@settings(deadline=None, max_examples=40)
@given(rate=RATES, code=st.sampled_from([CAR, SHIRT, SOAP, "7208101500"]), origin=st.sampled_from(["KOR", "CHN"]))
def test_old_schedule_plus_one_instrument_is_the_new_schedule(
    provision: Make, rate: Decimal, code: str, origin: str
) -> None:
    entry = Entry(hts10=code, origin=origin, day=dt.date(2026, 3, 15))
    old = book(provision("first"))
    new = book(provision("first"), provision("second", rate=rate))
    assert rate_entry(entry, new).total == rate_entry(entry, old).total + rate


@settings(deadline=None, max_examples=40)
@given(rate=RATES, compare=st.sampled_from(["general", "column_1"]), program=st.sampled_from(["", "KR"]))
def test_a_floor_never_lowers_a_rate(provision: Make, rate: Decimal, compare: str, program: str) -> None:
    floor = book(provision("floor", kind="floor_total", compare=compare, rate=rate))
    for code in (CAR, SHIRT, "7606123035"):
        rating = rate_entry(Entry(hts10=code, origin="KOR", day=dt.date(2026, 3, 15), program=program), floor)
        assert rating.total >= rating.base
        compared = rating.base if compare == "column_1" else line(code).general.ad_valorem
        assert rating.total == rating.base + max(Decimal(0), rate - compared)


@settings(deadline=None, max_examples=150)
@given(
    code=st.sampled_from(codes()[::37]),
    days=st.integers(0, 760),
    shares=st.tuples(*[st.integers(0, 4).map(lambda n: Decimal(n) / 10)] * 2),
)
def test_a_claim_never_raises_the_duty(code: str, days: int, shares: tuple[Decimal, Decimal]) -> None:
    special = line(code).special
    if "KR" not in special or not (special["KR"].is_ad_valorem and line(code).general.is_ad_valorem):
        return
    day = dt.date(2025, 1, 1) + dt.timedelta(days=days)
    entry = Entry(
        hts10=code,
        origin="KOR",
        day=day,
        steel_share=shares[0],
        aluminium_share=shares[1],
        copper_share=Decimal(0),
    )
    unclaimed, claimed = rate_entry(entry), rate_entry(entry.model_copy(update={"program": "KR"}))
    assert claimed.total is not None
    assert unclaimed.total is not None
    assert claimed.total <= unclaimed.total
