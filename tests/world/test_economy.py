"""The embedded world: identities, figures known from outside, variants and users' tariffs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.codes import sectors
from headway.errors import DataError, UnknownCode
from headway.models.equilibrium import check_baseline
from headway.world import REGIONS, World, building_notes, flow_status, load, miniature, region_of
from headway.world.us_market import us_imports

WORLDS = ("default", "unsplit", "no_other_tariffs")


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> World:
    return load(request.param)


def test_axes_are_those_of_the_codes() -> None:
    world = load()
    assert world.regions == REGIONS
    assert len(world.regions) == 26
    assert world.sectors == sectors.keys()
    assert world.goods == sectors.goods()
    assert len(load("unsplit").sectors) == 22


def test_identities_hold_to_a_billionth_of_world_gdp(world: World) -> None:
    allowed = 1e-9 * world.gdp.sum()
    purchases = world.expenditure - world.input_use.sum(axis=1) - world.final_use
    sales = world.output - world.input_use.sum(axis=0) - world.value_added
    income = world.value_added.sum(axis=0) + world.tariff_revenue + world.deficit - world.final_use.sum(axis=0)
    assert np.abs(purchases).max() <= allowed
    assert np.abs(sales).max() <= allowed
    assert np.abs(income).max() <= allowed
    assert abs(world.deficit.sum()) <= allowed


def test_it_is_a_baseline_of_the_equilibrium_model(world: World) -> None:
    baseline = world.baseline(np.full(len(world.sectors), 5.0))
    check_baseline(baseline, tolerance=1e-9)
    np.testing.assert_allclose(baseline.trade_share.sum(axis=2), 1.0, atol=1e-12)
    np.testing.assert_allclose(baseline.value_added_share + baseline.input_share.sum(axis=0), 1.0, atol=1e-12)


def test_every_sector_keeps_a_home_market(world: World) -> None:
    own = np.einsum("jnn->jn", (1.0 + world.tariff) * world.flow) / world.expenditure
    assert own.min() >= 0.005


def test_gdp_is_that_of_the_world_bank() -> None:
    gdp = dict(zip(load().regions, load().gdp, strict=True))
    assert gdp["KOR"] == pytest.approx(1_712_792.85, abs=0.01)
    assert gdp["USA"] == pytest.approx(27.72e6, rel=0.01)
    assert gdp["TWN"] == pytest.approx(756e3, rel=0.05)  # the statistics office's figure; here it is a growth rule


def test_korean_exports_are_the_published_items_of_2024() -> None:
    world = load()
    exports = dict(zip(world.sectors, world.exports("KOR").sum(axis=1), strict=True))
    assert exports["electronics"] == pytest.approx(141_920 + 18_750 + 13_160 + 17_190, abs=0.01)
    assert exports["motor_vehicles"] == pytest.approx(70_790 + 22_550, abs=0.01)
    assert 25_630 < exports["other_transport"] < 27_000


def test_us_goods_imports_by_origin_are_the_census_totals() -> None:
    world = load()
    imports = us_imports(2024).with_columns(
        pl.col("iso3")
        .replace_strict({code: region_of(code) for code in us_imports(2024)["iso3"].unique()})
        .alias("r")
    )
    goods = imports.filter(~pl.col("hts10").str.starts_with("2716"))
    totals = dict(goods.group_by("r").agg(pl.col("consumption_usd").sum() / 1e6).iter_rows())
    us = world.region("USA")
    flow = world.flow[: len(world.goods), us].sum(axis=0)
    for code, total in totals.items():
        if code != "USA":
            assert flow[world.region(code)] == pytest.approx(total, rel=1e-9), code


def test_us_tariff_on_korea_is_what_was_collected() -> None:
    world = load()
    us, korea = world.region("USA"), world.region("KOR")
    duties = (world.tariff[:, us, korea] * world.flow[:, us, korea]).sum()
    rate = duties / world.flow[: len(world.goods), us, korea].sum()
    assert 100 * rate == pytest.approx(0.19, abs=0.005)


def test_tariffs_hit_goods_between_regions_only(world: World) -> None:
    services = [world.sector(key) for key in world.sectors if key not in world.goods]
    assert not world.tariff[services].any()
    assert not np.einsum("jnn->jn", world.tariff).any()
    assert world.tariff.min() >= 0.0


@pytest.mark.parametrize(
    ("importer", "exporter"),
    [("DEU", "POL"), ("XEU", "FRA"), ("MEX", "CAN"), ("KOR", "USA"), ("DEU", "KOR"), ("GBR", "DEU")],
)
def test_partners_of_an_agreement_pay_nothing(importer: str, exporter: str) -> None:
    world = load()
    assert not world.tariff[:, world.region(importer), world.region(exporter)].any()


def test_farm_goods_keep_their_rates_where_an_agreement_leaves_them_out() -> None:
    world = load()
    canada, korea = world.region("CAN"), world.region("KOR")
    assert world.tariff[world.sector("agriculture"), korea, canada] > 0.1
    assert world.tariff[world.sector("machinery"), korea, canada] == 0.0


def test_no_other_tariffs_leaves_the_us_ones() -> None:
    world, other = load(), load("no_other_tariffs")
    us = world.region("USA")
    np.testing.assert_array_equal(other.tariff[:, us], world.tariff[:, us])
    rest = np.arange(len(world.regions)) != us
    assert not other.tariff[:, rest].any()
    assert "zero" in other.tariff_vintage


def test_unsplit_sectors_add_up_to_the_same_trade() -> None:
    split, whole = load(), load("unsplit")
    parts = [split.sector("motor_vehicles"), split.sector("other_transport")]
    korea = split.exports("KOR")[parts].sum()
    assert whole.exports("KOR")[whole.sector("transport_equipment")].sum() == pytest.approx(korea, rel=1e-9)
    np.testing.assert_allclose(split.deficit, whole.deficit, atol=1e-3)


def test_an_unknown_variant_names_the_known_ones() -> None:
    with pytest.raises(UnknownCode, match="default, unsplit, no_other_tariffs"):
        load("fine")


def test_an_unknown_region_or_sector_is_named() -> None:
    with pytest.raises(UnknownCode, match="VNM"):
        load().region("VNM")
    with pytest.raises(UnknownCode, match="chips"):
        load().sector("chips")


def test_arrays_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        load().flow[0, 0, 0] = 1.0


def test_the_same_tariffs_give_the_same_world() -> None:
    world = load()
    again = world.with_rates(world.tariff, world.tariff_vintage)
    np.testing.assert_allclose(again.final_use, world.final_use, rtol=1e-13)
    np.testing.assert_allclose(again.value_added, world.value_added, rtol=1e-9)


def test_a_users_tariffs_replace_cells_and_are_labelled(tmp_path: Path) -> None:
    world = load()
    rows = {"importer": ["IND"], "exporter": ["KOR"], "sector": ["metals"], "rate": [0.05], "year": [2024]}
    file = tmp_path / "rates.csv"
    pl.DataFrame(rows).write_csv(file)
    for source in (file, str(file), pl.DataFrame(rows)):
        changed = world.with_tariffs(source)
        cell = (world.sector("metals"), world.region("IND"), world.region("KOR"))
        assert changed.tariff[cell] == 0.05
        assert (changed.tariff != world.tariff).sum() == 1
        assert "2024" in changed.tariff_vintage
        assert changed.manifest["user_tariffs"]["rows"] == 1
        np.testing.assert_array_equal(changed.flow, world.flow)
        assert changed.tariff_revenue[world.region("IND")] < world.tariff_revenue[world.region("IND")]


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"sector": ["finance"]}, DataError, "finance is a service"),
        ({"importer": ["ZZZ"]}, UnknownCode, "ZZZ"),
        ({"rate": [-1.0]}, DataError, "−100 %"),
        ({"rate": [None]}, DataError, "missing rate"),
    ],
)
def test_a_wrong_tariff_table_is_refused(
    changed: dict[str, list[object]], error: type[Exception], message: str
) -> None:
    rows = {"importer": ["IND"], "exporter": ["KOR"], "sector": ["metals"], "rate": [0.05], "year": [2024]}
    with pytest.raises(error, match=message):
        load().with_tariffs(pl.DataFrame(rows | changed))


def test_a_tariff_table_needs_its_columns_and_one_rate_per_cell() -> None:
    row = {"importer": "IND", "exporter": "KOR", "sector": "metals", "rate": 0.05, "year": 2024}
    with pytest.raises(DataError, match="year"):
        load().with_tariffs(pl.DataFrame([row]).drop("year"))
    with pytest.raises(DataError, match="two rates"):
        load().with_tariffs(pl.DataFrame([row, row]))


def test_a_world_that_does_not_add_up_is_refused() -> None:
    world = miniature()
    final = world.final_use.copy()
    final[1, 2] += 5.0
    with pytest.raises(DataError, match=r"purchases of motor_vehicles in ROW .* by -5 USD million"):
        replace(world, final_use=final)
    added = world.value_added.copy()
    added[0, 0] -= 7.0
    with pytest.raises(DataError, match="sales of electronics in KOR"):
        replace(world, value_added=added)


def test_a_world_of_another_shape_or_sign_is_refused() -> None:
    world = miniature()
    with pytest.raises(DataError, match="tariff should have the shape"):
        replace(world, tariff=world.tariff[:2])
    flow = world.flow.copy()
    flow[0, 0, 1] = -1.0
    with pytest.raises(DataError, match="flow has a negative"):
        replace(world, flow=flow)
    with pytest.raises(DataError, match="−100 %"):
        replace(world, tariff=world.tariff - 2.0)


def test_xarray_carries_labels_and_vintage() -> None:
    world = load()
    data = world.to_xarray()
    cell = data["flow"].sel(sector="motor_vehicles", importer="USA", exporter="KOR")
    assert float(cell) == world.flow[world.sector("motor_vehicles"), world.region("USA"), world.region("KOR")]
    assert data.attrs["vintage"] == "structure 2011, levels 2023–24"
    assert "2005" in data.attrs["tariff_vintage"]


def test_status_says_how_every_flow_is_known() -> None:
    world, status = load(), flow_status()
    us, others = world.region("USA"), np.array([code != "USA" for code in world.regions])
    assert set(status.ravel()) == {"observed", "scaled", "imputed", "zero"}
    assert set(status[: len(world.goods), us][:, others].ravel()) == {"observed"}
    assert set(status[world.sector("electronics"), others].ravel()) == {"imputed", "zero"}
    assert status[world.sector("metals"), world.region("CHN"), world.region("KOR")] == "scaled"
    assert status[world.sector("metals"), world.region("RUS"), world.region("KOR")] == "imputed"  # filled in whole
    np.testing.assert_array_equal(status == "zero", world.flow == 0)
    assert flow_status("unsplit").shape == (22, 26, 26)
    with pytest.raises(UnknownCode, match="no_other_tariffs"):
        flow_status("no_other_tariffs")


def test_the_manifest_names_tables_and_sources_and_is_json() -> None:
    manifest = json.loads(json.dumps(dict(load().manifest)))
    assert set(manifest["tables"]) == {f"default_{part}.parquet" for part in ("trade", "inputs", "margins")}
    sources = {source["id"]: source for source in manifest["sources"]}
    assert {"wiod2013", "liberation-day-2025", "us-imports", "cp2015-nafta", "published-fills"} <= set(sources)
    assert all(len(digest) == 64 for source in sources.values() for digest in source["sha256"].values())
    assert load("no_other_tariffs").manifest["tariffs"] == load("no_other_tariffs").tariff_vintage
    assert "user_tariffs" not in manifest


def test_notes_list_the_fills() -> None:
    vietnam = building_notes().filter(pl.col("where") == "KOR → VNM")
    assert vietnam["amount"].item() == 53_490.0
    assert "Korea International Trade Association (2023)" in vietnam["source"].item()
