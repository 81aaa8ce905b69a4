"""A world from a user's table: sums, the rule for negatives, tariffs, and the embedded world there and back."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from headway.errors import DataError
from headway.models.equilibrium import Shock, check_baseline, solve
from headway.world import World, load
from headway.world.build import icio, own_world, wiod2016
from headway.world.build.country_table import CountryTable
from headway.world.build.mapping import concordance

TABLES = Path(__file__).resolve().parents[2] / "data" / "icio"
ISIC4 = {
    "agriculture": "A01_02",
    "mining": "B05_06",
    "food": "C10T12",
    "textiles": "C13T15",
    "wood_paper": "C16",
    "petroleum": "C19",
    "chemicals": "C20",
    "rubber_plastics": "C22",
    "minerals": "C23",
    "metals": "C24",
    "machinery": "C28",
    "electronics": "C26",
    "electrical": "C27",
    "motor_vehicles": "C29",
    "other_transport": "C30",
    "other_manufacturing": "C31T33",
    "utilities": "D",
    "construction": "F",
    "trade": "G",
    "hospitality": "I",
    "transport": "H49",
    "finance": "K",
    "business_services": "M",
    "public_services": "O",
}
"""An industry of the OECD's tables for every sector of the embedded world."""


def new() -> CountryTable:
    return icio.read(TABLES / "2022_SML.csv", 2022)


def built(table: CountryTable, mapping: Path | None = None, **options) -> World:
    return own_world.build(table, concordance(table.countries, table.industries, mapping), **options)[0]


def as_icio(world: World) -> tuple[list[str], list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Labels, deliveries [n·j, n·j], final uses [n·j, n] and net taxes of a world, as a statistician would publish it.

    Users of a sector are taken to buy from its sellers alike, so that nothing but labels is new.
    """
    countries = ["AUT" if region == "XEU" else region for region in world.regions]
    industries = [ISIC4[key] for key in world.sectors]
    spent = world.expenditure
    from_seller = np.divide(
        world.flow, spent[:, :, None], out=np.zeros_like(world.flow), where=spent[:, :, None] > 0
    )
    sold = np.einsum("kni,kjn->iknj", from_seller, world.input_use)
    used = np.einsum("kni,kn->ikn", from_seller, world.final_use)
    size = len(countries) * len(industries)
    taxes = (world.output - world.value_added).T.ravel() - sold.reshape(size, size).sum(axis=0)
    return countries, industries, sold.reshape(size, size), used.reshape(size, -1), taxes


def write_icio(world: World, path: Path) -> Path:
    countries, industries, sold, used, taxes = as_icio(world)
    labels = [f"{country}_{industry}" for country in countries for industry in industries]
    output = sold.sum(axis=1) + used.sum(axis=1)
    blank = [0.0] * (len(countries) + 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["V1", *labels, *(f"{country}_HFCE" for country in countries), "OUT"])
        for at, label in enumerate(labels):
            writer.writerow([label, *sold[at].tolist(), *used[at].tolist(), output[at]])
        writer.writerow(["TLS", *taxes.tolist(), *blank])
        writer.writerow(["VA", *(output - sold.sum(axis=0) - taxes).tolist(), *blank])
        writer.writerow(["OUT", *output.tolist(), *blank])
    return path


class TestSums:
    def test_a_table_keeps_its_flows_and_identities(self) -> None:
        table = icio.read(TABLES / "ICIO2021_2018.csv", 2018)
        world = built(table, tariffs="none")
        assert world.regions == ("KOR", "CHN", "ROW")
        assert world.sectors == ("agriculture", "electronics", "motor_vehicles", "finance")
        parts = [table.countries.index(code) for code in ("CHN", "CN1", "CN2")]
        sold = table.intermediate[parts][:, 1].sum(axis=(0, 2)) + table.final[parts, 1].sum(axis=0)
        cars = world.flow[1, :, 1]
        # One negative entry of another sector moves output, and so every flow, by a little.
        np.testing.assert_allclose(cars[[0, 2]], sold[[0, 4]], rtol=0.02)
        assert cars[1] == pytest.approx(sold[[1, 2, 3]].sum(), rel=0.02)
        check_baseline(world.baseline(np.full(4, 4.0)))

    def test_value_added_includes_net_taxes_on_products_used(self) -> None:
        table = wiod2016.read(TABLES, 2014)
        clean = CountryTable(**(vars(table) | {"final": np.maximum(table.final, 0.0)}))
        world = built(clean, tariffs="none")
        output = clean.intermediate.sum(axis=(2, 3)) + clean.final.sum(axis=2)
        order = [clean.countries.index(region) for region in world.regions]
        primary = output - clean.intermediate.sum(axis=(0, 1))
        np.testing.assert_allclose(world.value_added, primary[order].T, rtol=1e-9)

    def test_negative_final_use_is_zero_and_noted(self) -> None:
        table = new()
        assert (table.final < 0).sum() == 1
        world, notes = own_world.build(table, concordance(table.countries, table.industries), tariffs="none")
        assert world.final_use.min() >= 0
        (note,) = notes
        assert note.where == "KOR/agriculture → USA"
        assert note.amount == pytest.approx(-table.final.min())
        assert world.manifest["changed_by_rule"] == {"entries": 1, "usd_million": round(note.amount, 3)}
        assert own_world.notes_table(notes)["rule"].to_list() == [note.rule]


class TestRegions:
    def test_regions_and_sectors_of_a_users_own(self, tmp_path: Path) -> None:
        path = tmp_path / "map.csv"
        rows = ["country,KOR,Pacific", "country,USA,Pacific", "country,ROW,ROW", "industry,A01_02,goods"]
        rows += ["industry,C26,goods", "industry,C29,goods", "industry,K,services"]
        path.write_text("kind,code,to\n" + "\n".join(rows) + "\n", "utf-8")
        world, table = built(new(), path), new()
        assert (world.regions, world.sectors) == (("Pacific", "ROW"), ("goods", "services"))
        assert world.manifest["members"] == {"Pacific": ["KOR", "USA"], "ROW": ["ROW"]}
        traded = np.maximum(table.final, 0)[:2, :3, 2].sum() + table.intermediate[:2, :3, 2].sum()
        assert world.flow[0, 1, 0] == pytest.approx(traded, rel=0.02)
        solved = solve(world.baseline(np.array([4.0, 3.0])), Shock())
        np.testing.assert_allclose(solved.welfare, 1.0, atol=1e-9)

    def test_a_sector_that_a_region_does_not_make_has_a_price_all_the_same(self) -> None:
        table = new()
        sold, final = table.intermediate.copy(), np.maximum(table.final, 0.0)
        sold[0, 2], final[0, 2], sold[:, :, 0, 2] = 0.0, 0.0, 0.0
        world = built(CountryTable(**(vars(table) | {"intermediate": sold, "final": final})))
        assert world.output[2, 0] == 0
        tariff = world.tariff + 0.1 * (1 - np.eye(3))
        assert np.isfinite(solve(world.baseline(np.full(4, 4.0)), Shock(tariff=tariff)).price_change).all()


class TestTariffs:
    def test_those_of_the_embedded_world_by_country_and_industry(self) -> None:
        world, embedded = built(new()), load()
        rate = embedded.tariff[embedded.sector("motor_vehicles"), embedded.region("USA"), embedded.region("KOR")]
        cars, usa, korea = world.sector("motor_vehicles"), world.region("USA"), world.region("KOR")
        assert world.tariff[cars, usa, korea] == pytest.approx(rate)
        assert not world.tariff[world.sector("finance")].any()
        assert "embedded" in world.tariff_vintage

    def test_none_and_a_table_of_a_users_own(self) -> None:
        assert not built(new(), tariffs="none").tariff.any()
        row = {
            "importer": ["USA"],
            "exporter": ["KOR"],
            "sector": ["motor_vehicles"],
            "rate": [0.25],
            "year": [2025],
        }
        world = built(new(), tariffs=pl.DataFrame(row))
        assert world.tariff[world.sector("motor_vehicles"), world.region("USA"), world.region("KOR")] == 0.25
        with pytest.raises(DataError, match="lacks the column year"):
            built(new(), tariffs=pl.DataFrame(row).drop("year"))

    def test_a_sector_keeps_value_added_when_its_inputs_bear_tariffs(self) -> None:
        """Farms that buy mostly from abroad, where the tariff on farm goods is a fifth, and add 1.1 % of value."""
        table = new()
        sold, final = table.intermediate.copy(), np.maximum(table.final, 0.0)
        output = sold.sum(axis=(2, 3)) + final.sum(axis=2)
        sold[2, 0, 0, 0] += 0.989 * output[0, 0] - sold[:, :, 0, 0].sum()
        tight = CountryTable(**(vars(table) | {"intermediate": sold, "final": final}))
        names = concordance(tight.countries, tight.industries)
        world, notes = own_world.build(tight, names)
        assert [(note.step, note.where) for note in notes] == [("tariffs", "KOR/agriculture")]
        share = world.value_added / world.output
        assert share[0, 0] == pytest.approx(0.01, abs=0.006)
        assert share.min() > 0
        free, none = own_world.build(tight, names, tariffs="none")
        assert none == []
        assert free.value_added[0, 0] / free.output[0, 0] == pytest.approx(0.011, rel=1e-6)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> World:
    path = write_icio(load(), tmp_path_factory.mktemp("icio") / "2024_SML.csv")
    return built(icio.read(path, 2024))


class TestThereAndBack:
    """The embedded world, published in the OECD's layout and read again, is the embedded world."""

    def test_every_array(self, again: World) -> None:
        world = load()
        assert (again.regions, again.sectors) == (world.regions, world.sectors)
        scale = 1e-7 * float(world.value_added.sum())
        for name in ("flow", "value_added", "input_use", "final_use"):
            np.testing.assert_allclose(
                getattr(again, name), getattr(world, name), rtol=1e-6, atol=scale, err_msg=name
            )
        traded = world.flow > 1.0
        np.testing.assert_allclose(again.tariff[traded], world.tariff[traded], rtol=1e-9, atol=1e-12)

    def test_the_same_equilibrium(self, again: World) -> None:
        world, theta = load(), np.full(24, 4.0)
        tariff = world.tariff.copy()
        us = world.region("USA")
        tariff[:16, us] += 0.1
        tariff[:, us, us] = 0.0
        one, other = (solve(w.baseline(theta), Shock(tariff=tariff)) for w in (world, again))
        np.testing.assert_allclose(one.welfare, other.welfare, rtol=1e-6)
