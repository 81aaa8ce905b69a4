"""Support as a record: reasons for every firm, earlier rounds, value added, the section of a brief, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.response.support.conftest import losses, synthetic
from typer.testing import CliRunner

from headway.cli.app import app, main
from headway.errors import DataError, HeadwayError
from headway.impact.results import Figure
from headway.response import (
    SupportRequest,
    allocate_support,
    brief_section,
    read_firms,
    read_granted,
    shipped_rules,
)
from headway.response.support.design import BELOW_THRESHOLD, WRONG_ITEM, WRONG_SIZE, build
from headway.response.support.firms import from_table
from headway.response.support.losses import Losses, read_result
from headway.response.support.menu import net_values
from headway.response.support.reasons import GRANTED, NOTHING_AT_STAKE, WORDS, codes
from headway.response.support.report import Support

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "firms.csv"


@pytest.fixture(scope="module")
def made() -> Support:
    return allocate_support(SupportRequest(synthetic(1500), shipped_rules(), 20_000.0), losses())


def test_every_firm_has_a_reason_and_every_instrument_a_code(made: Support) -> None:
    assert made.firms["reason"].null_count() == 0
    assert (made.firms["reason"].str.len_chars() > 0).all()
    granted = made.firms.filter(pl.col("amount") > 0)
    assert granted["reason"].str.starts_with("keeps").all()
    assert (made.firms.filter(pl.col("amount") == 0)["granted"] == "").all()
    for one in shipped_rules().instruments:
        words = set(made.firms[f"why_{one.id}"])
        assert words <= set(WORDS.values())
        held = made.firms["granted"].str.split("+").list.contains(one.id)
        assert ((made.firms[f"why_{one.id}"] == "granted") == held).all()


def test_reasons_say_the_rule_that_bars(made: Support) -> None:
    code = codes(made.design, made.allocation)
    ids = [one.id for one in shipped_rules().instruments]
    firms = synthetic(1500).table
    large = (firms["size"] == "large").to_numpy()
    assert (code[large, ids.index("voucher_fast")] == WRONG_SIZE).all()
    small_seller = ((firms["us_exports_usd"] < 200_000) & (firms["exports_usd"] < 2_000_000)).to_numpy() & ~large
    assert (code[small_seller, ids.index("voucher_fast")] == BELOW_THRESHOLD).all()
    cars = ((firms["item"] == "cars") & (firms["size"] == "medium")).to_numpy()
    assert (code[cars, ids.index("sourcing_relocation")] == WRONG_ITEM).all()
    safe = ((firms["item"] == "batteries") & (firms["size"] == "small")).to_numpy()
    assert np.isin(code[safe, ids.index("consulting")], [NOTHING_AT_STAKE, GRANTED]).all()
    assert (code[safe, ids.index("consulting")] == NOTHING_AT_STAKE).mean() > 0.99


def test_who_is_refused_has_nothing_that_is_worth_its_charge(made: Support) -> None:
    """Below the cut-off, no bundle is worth more than it uses of the limits at their prices."""
    below = (made.firms["reason"] == "keeps less than the limits' prices ask").to_numpy()
    assert below.sum() > 50
    net = net_values(made.design.menu, made.design.limits, made.allocation.prices)
    assert net[below].max() <= 1e-9


def test_totals_of_the_record_are_those_of_the_table(made: Support) -> None:
    response, per_usd = made.response, shipped_rules().per_usd * 1e6
    assert response.figure("support.spent").value == pytest.approx(made.firms["amount"].sum() / per_usd)
    assert response.figure("support.kept").value == pytest.approx(made.firms["kept"].sum() / per_usd)
    assert made.allocation.value == pytest.approx(made.firms["kept"].sum(), rel=1e-9)
    assert response.figure("support.spent").value <= response.figure("support.budget").value
    kept = response.figure("support.kept")
    assert kept.low is not None
    assert kept.high is not None
    assert kept.low < kept.value < kept.high
    cells = {id for one in response.tables.values() for line in one.rows for id in line.cells.values()}
    assert cells <= set(response.figures)


def test_flags_come_first_and_are_findings(made: Support) -> None:
    assert next(iter(made.response.tables)) == "support_flags"
    legal = [one for one in made.response.findings if one.kind == "legal"]
    assert len(legal) == len(made.flags) > 5


def test_a_later_round_does_not_grant_the_same_again(made: Support) -> None:
    before = read_granted(made.firms, "allocation.csv")
    again = allocate_support(SupportRequest(synthetic(1500), shipped_rules(), 20_000.0, granted=before), losses())
    after = read_granted(again.firms, "allocation.csv")
    assert after.join(before, on=["firm_id", "instrument"], how="semi").is_empty()
    with pytest.raises(DataError, match="lacks the column granted"):
        read_granted(made.firms.select("firm_id"), "x.csv")


def test_value_added_weighs_exports_by_what_is_made_at_home() -> None:
    rules = shipped_rules().model_copy(update={"objective": "value_added"})
    made = allocate_support(SupportRequest(synthetic(1500), rules, 20_000.0), losses())
    assert 0.3 < made.design.weight.min() < made.design.weight.max() < 0.95
    assert made.allocation.value < made.firms["kept"].sum()


@pytest.mark.parametrize(
    ("budget", "words"),
    [(0.0, "budget is 0"), (-5.0, "budget is -5"), (float("nan"), "budget is nan"), (1.0, "buys nothing")],
)
def test_budgets_that_buy_nothing_are_refused(budget: float, words: str) -> None:
    with pytest.raises(DataError, match=words):
        build(synthetic(50), shipped_rules(), losses(), budget, content={}, granted=None)


def test_firms_of_which_none_may_have_anything_are_refused() -> None:
    firms = from_table(synthetic(20).table.with_columns(size=pl.lit("large"), us_exports_usd=0.0), "large")
    with pytest.raises(DataError, match="every one is closed"):
        build(firms, shipped_rules(), losses(), 1000.0, content={}, granted=None)


def test_losses_are_read_from_a_result_with_their_interval(tmp_path: Path) -> None:
    figure = Figure(
        id="item.cars.us_change.up_to_a_year",
        label="Cars",
        value=-10.0,
        low=-16.0,
        high=2.0,
        unit="percent",
        model="joined",
    )
    gain = figure.model_copy(
        update={"id": "item.steel.us_change.up_to_a_year", "value": 3.0, "low": 1.0, "high": 4.0}
    )
    path = tmp_path / "result.json"
    content = {"figures": {one.id: one.model_dump(mode="json") for one in (figure, gain)}}
    path.write_text(json.dumps(content))
    found = read_result(path, "up_to_a_year")
    assert found.share["cars"] == (0.1, 0.0, 0.16)
    assert found.share["steel"] == (0.0, 0.0, 0.0)
    with pytest.raises(DataError, match="long_run"):
        read_result(path, "long_run")
    path.write_text("[1, 2]")
    with pytest.raises(DataError, match="no result"):
        read_result(path, "up_to_a_year")


def test_the_example_firms_say_that_they_are_synthetic() -> None:
    firms = read_firms(EXAMPLE)
    assert "ynthetic" in EXAMPLE.read_text("utf-8").splitlines()[0]
    assert firms.count == 600
    assert firms.table["firm_id"].str.starts_with("SYN-").all()


def test_a_brief_shows_totals_sizes_prices_and_every_legal_question(made: Support) -> None:
    section = brief_section(made.response)
    assert section.title == "What support reaches them"
    assert [table.id for table in section.tables][:2] == ["support_flags", "support_headline"]
    ids = {id for table in section.tables for line in table.rows for id in line.cells.values()}
    assert ids == set(section.figures)
    assert len(section.tables[0].rows) == len(made.flags)


def _result(folder: Path, found: Losses) -> Path:
    figures = {
        f"item.{key}.us_change.up_to_a_year": Figure(
            id=f"item.{key}.us_change.up_to_a_year",
            label=key,
            value=-100 * central,
            low=-100 * high,
            high=-100 * low,
            unit="percent",
            model="joined",
        ).model_dump(mode="json")
        for key, (central, low, high) in found.share.items()
    }
    path = folder / "result.json"
    path.write_text(json.dumps({"figures": figures}))
    return path


def test_the_command_writes_the_allocation_with_reasons(tmp_path: Path) -> None:
    result = _result(tmp_path, losses())
    words = ["support", "--firms", str(EXAMPLE), "--budget", "20000", "--result", str(result), "-q"]
    done = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert done.stdout.startswith("For lawyers: voucher_fast: SCM 3.1(a)")
    written = pl.read_csv(tmp_path / "out" / "allocation.csv")
    assert written.height == 600
    assert written["reason"].null_count() == 0
    record = json.loads((tmp_path / "out" / "support.json").read_text("utf-8"))
    assert record["figures"]["support.gap"]["value"] <= 0.01
    again = CliRunner().invoke(app, [*words, "--granted", str(tmp_path / "out" / "allocation.csv"), "--json"])
    assert isinstance(again.exception, HeadwayError)


def test_without_a_scenario_or_a_result_the_command_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["headway", "support", "--firms", str(EXAMPLE), "--budget", "100", "-q"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 3
    assert "Nothing says what firms lose" in capsys.readouterr().err
