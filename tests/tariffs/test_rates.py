from __future__ import annotations

from decimal import Decimal

import pytest

from headway.tariffs.rates import SpecificPart, parse_duty, parse_special


@pytest.mark.parametrize(
    ("text", "form", "ad_valorem", "specific"),
    [
        ("Free", "free", "0", ()),
        ("2.5%", "ad_valorem", "0.025", ()),
        ("1¢/kg", "specific", "0", (SpecificPart(Decimal("0.01"), "kg"),)),
        ("68¢/head", "specific", "0", (SpecificPart(Decimal("0.68"), "head"),)),
        ("$1.035/kg", "specific", "0", (SpecificPart(Decimal("1.035"), "kg"),)),
        ("12.4¢/ liter", "specific", "0", (SpecificPart(Decimal("0.124"), "liter"),)),
        ("5.2¢ each + 2.4%", "compound", "0.024", (SpecificPart(Decimal("0.052"), "No."),)),
        ("4.4¢/kg+ 3%", "compound", "0.03", (SpecificPart(Decimal("0.044"), "kg"),)),
    ],
)
def test_duty_texts(text: str, form: str, ad_valorem: str, specific: tuple[SpecificPart, ...]) -> None:
    duty = parse_duty(text)
    assert (duty.form, duty.ad_valorem, duty.specific) == (form, Decimal(ad_valorem), specific)


@pytest.mark.parametrize(
    "text",
    [
        "30¢ each + 6.9% on the case + 5.3% on the battery",
        "The rate applicable to each garment in the ensemble if separately entered",
        "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees but not less than 3.143854¢/kg",
    ],
)
def test_what_value_and_quantity_do_not_decide_stays_text(text: str) -> None:
    duty = parse_duty(text)
    assert duty.form == "text"
    assert duty.equivalent(Decimal(100), {"kg": Decimal(1)}) is None


def test_missing_is_not_free() -> None:
    assert parse_duty("").form == "missing"
    assert parse_duty("").equivalent(None, {}) is None


def test_a_specific_duty_needs_value_and_quantity() -> None:
    duty = parse_duty("1¢/kg")
    assert duty.equivalent(None, {}) is None
    assert duty.equivalent(Decimal(100_000), {}) is None
    assert duty.equivalent(Decimal(100_000), {"kg": Decimal(21_000)}) == Decimal("0.0021")


def test_special_column_with_staged_korea() -> None:
    duties = parse_special("Free (A+,AU,BH,CA) 1.7% (JP) 25% (KR)")
    assert duties["AU"].form == "free"
    assert duties["JP"].ad_valorem == Decimal("0.017")
    assert duties["KR"].ad_valorem == Decimal("0.25")


def test_special_column_refers_elsewhere() -> None:
    duties = parse_special("Free (AU,BH) See 9823.08.01-9823.08.38 (S+) 15.1¢/kg (KR)")
    assert duties["S+"].form == "text"
    assert duties["KR"].form == "specific"
