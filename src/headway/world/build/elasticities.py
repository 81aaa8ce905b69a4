"""Build the shipped tables of trade elasticities: products (ProTEE, Broda–Weinstein) and sectors (three sources).

Values are shipped as published; `headway.world.elasticities` converts them, in one place.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from headway.codes import sectors
from headway.codes.tables import rows
from headway.errors import DataError, UnknownCode, UnreadableInput
from headway.world.build.report import BuiltTable
from headway.world.build.us_imports import YEARS, read_census
from headway.world.elasticities import protee_sigma

PROTEE = "protee-hs6/ProTEE_0_1.csv"
BRODA_WEINSTEIN = "broda-weinstein-hs3/sigma_hs0.csv"
CP_THETA = "cp2015-nafta/T.txt"

CP_SECTORS: tuple[tuple[str, str, tuple[str, ...], float | None], ...] = (
    ("Agriculture", "agriculture", ("01", "02", "05"), 2.01),
    ("Mining", "mining", ("10", "11", "13", "14"), 3.67),
    ("Food", "food", ("15", "16"), 0.61),
    ("Textile", "textiles", ("17", "18", "19"), 1.28),
    ("Wood", "wood_paper", ("20",), 2.87),
    ("Paper", "wood_paper", ("21", "22"), 2.65),
    ("Petroleum", "petroleum", ("23",), 15.61),
    ("Chemicals", "chemicals", ("24",), 1.78),
    ("Plastic", "rubber_plastics", ("25",), 2.23),
    ("Minerals", "minerals", ("26",), 1.60),
    ("Basic metals", "metals", ("27",), 2.51),
    ("Metal products", "metals", ("28",), 2.12),
    ("Machinery n.e.c.", "machinery", ("29",), 2.80),
    ("Office", "electronics", ("30",), 4.53),
    ("Electrical", "electrical", ("31",), 1.64),
    ("Communication", "electronics", ("32",), 1.77),
    ("Medical", "electrical", ("33",), 1.56),
    ("Auto", "motor_vehicles", ("34",), None),
    ("Other transport", "other_transport", ("35",), None),
    ("Other", "other_manufacturing", ("36", "37"), 1.08),
)
"""Caliendo & Parro's sectors in T.txt's order: name, sector of Headway, ISIC Rev. 3 divisions, standard error.

The standard errors are those of Table 1, 99 % sample, of the article, transcribed by hand: its θ agree with
T.txt in all eighteen estimated sectors. For cars and other transport T.txt holds 8.22, their fallback.
"""

CP_FALLBACK = 8.22
BLP_SHORT = (-0.76, 0.11)
BLP_LONG = (-2.0, 0.32)
FGKK = (-2.53, 0.26)


def build(sources: Path, target: Path) -> tuple[BuiltTable, ...]:
    """Write `elasticities_hs6.parquet` and `elasticities_sector.csv` into `target`; raises UnreadableInput."""
    imports = [read_census(_present(sources / _imports(year))) for year in YEARS]
    protee = read_protee(sources / PROTEE)
    products = product_table(protee, read_broda_weinstein(sources / BRODA_WEINSTEIN), pl.concat(imports))
    products.write_parquet(target / "elasticities_hs6.parquet", compression="zstd", compression_level=19)
    table = sector_table(_read_theta(sources / CP_THETA), products, imports[0])
    table.write_csv(target / "elasticities_sector.csv", float_precision=6)
    match = ("HS2007 estimate, else median of the heading's estimates, else none", "coefficients as published")
    mean = (
        "sectors that join several carry their import-weighted mean",
        "ProTEE: import-weighted mean, winsorised",
    )
    return (
        BuiltTable("elasticities_hs6.parquet", (PROTEE, BRODA_WEINSTEIN), protee.height, products.height, match),
        BuiltTable("elasticities_sector.csv", (CP_THETA, PROTEE), len(CP_SECTORS), table.height, mean),
    )


def read_protee(path: Path) -> pl.DataFrame:
    """ProTEE 0.1 [hs6, coefficient, own]: `own` is False where CEPII put the heading's mean for an estimate."""
    raw = pl.read_csv(_present(path), schema_overrides={"HS6": pl.String})
    _check_columns(path, raw, ["HS6", "zero", "positive", "sigma"])
    return raw.drop_nulls("sigma").select(
        hs6="HS6", coefficient="sigma", own=(pl.col("zero") == 0) & (pl.col("positive") == 0)
    )


def read_broda_weinstein(path: Path) -> pl.DataFrame:
    """Broda–Weinstein σ of the USA [hs3, sigma], HS 1988/92."""
    raw = pl.read_csv(_present(path), schema_overrides={"HS0_3d": pl.String, "HS0_2d": pl.String})
    _check_columns(path, raw, ["iso3c", "HS0_3d", "HS0_2d", "sigma"])
    return raw.filter(pl.col("iso3c") == "USA").select(hs3="HS0_3d", sigma="sigma")


def product_table(protee: pl.DataFrame, broda_weinstein: pl.DataFrame, imports: pl.DataFrame) -> pl.DataFrame:
    """Every HS6 of US imports [hs6, protee_coefficient, protee_level, broda_weinstein_sigma], as published.

    Levels: `own` estimate; `heading_mean` where CEPII substituted it; `heading` where the code is newer than
    HS2007 and the median of the heading's own (else substituted) values stands in; null where no value exists.
    """
    codes = imports.select(hs6=pl.col("htsus10").str.slice(0, 6)).unique().sort("hs6")
    heading = (
        protee.group_by(hs4=pl.col("hs6").str.slice(0, 4), own="own")
        .agg(heading=pl.col("coefficient").median())
        .sort("hs4", "own", descending=[False, True])
        .unique("hs4", keep="first")
    )
    joined = (
        codes.join(protee, on="hs6", how="left")
        .with_columns(hs4=pl.col("hs6").str.slice(0, 4), hs3=pl.col("hs6").str.slice(0, 3))
        .join(heading.select("hs4", "heading"), on="hs4", how="left")
        .join(broda_weinstein, on="hs3", how="left")
    )
    level = (
        pl.when(pl.col("own"))
        .then(pl.lit("own"))
        .when(pl.col("coefficient").is_not_null())
        .then(pl.lit("heading_mean"))
        .when(pl.col("heading").is_not_null())
        .then(pl.lit("heading"))
    )
    return joined.select(
        "hs6",
        protee_coefficient=pl.coalesce("coefficient", "heading"),
        protee_level=level,
        broda_weinstein_sigma="sigma",
    ).sort("hs6")


def sector_table(theta: list[float], products: pl.DataFrame, imports: pl.DataFrame) -> pl.DataFrame:
    """Sector values as published, one row per sector, source and horizon; `imports` (2024) are the weights.

    Columns: sector, source, horizon, role, convention, value, standard_error, estimated, note. Sectors that join
    several of Caliendo & Parro's carry their weighted mean, as does ProTEE from products to sectors.
    """
    value = imports.group_by(hs6=pl.col("htsus10").str.slice(0, 6)).agg(pl.col("consumption_imports_usd").sum())
    by_isic, protee = _value_by_isic(value), _protee_rows(products, value)
    keys = sectors.keys()
    found = [row for key in keys for row in (*_pooled_rows(key), _cp_row(key, theta, by_isic), protee[key])]
    return pl.DataFrame(found, infer_schema_length=None)


def _protee_rows(products: pl.DataFrame, value: pl.DataFrame) -> dict[str, dict[str, object]]:
    """Trade-weighted mean σ of each sector's matched products; the standard error is the one between products."""
    matched = (
        products.with_columns(sigma=protee_sigma(products["protee_coefficient"], products["protee_level"]))
        .join(value, on="hs6")
        .drop_nulls("sigma")
        .with_columns(sector=pl.col("hs6").map_elements(sectors.of_hs6, return_dtype=pl.String))
    )
    base: dict[str, object] = {"source": "protee", "horizon": "long_run", "role": "source"}
    goods = _mean_and_error(matched)[0]
    fallback = _value("substitution", goods, None, "no products: mean of all goods, not an estimate")
    keys = sectors.keys()
    found = {key: {"sector": key} | base | fallback for key in keys}
    for (key,), group in matched.group_by("sector"):
        mean, error = _mean_and_error(group)
        if error > 0:
            note = f"mean of {group.height} products, winsorised, weighted by US imports of 2024"
            found[str(key)] = {"sector": str(key)} | base | _value("substitution", mean, error, note)
    return found


def _mean_and_error(group: pl.DataFrame) -> tuple[float, float]:
    sigma = group["sigma"].to_numpy()
    weight = group["consumption_imports_usd"].to_numpy() / group["consumption_imports_usd"].sum()
    mean = float(weight @ sigma)
    return mean, float(((weight * (sigma - mean)) ** 2).sum() ** 0.5)


def _cp_row(key: str, theta: list[float], value_by_isic: dict[str, float]) -> dict[str, object]:
    parts = [
        (name, value, se, sum(value_by_isic.get(code, 0.0) for code in isic))
        for (name, sector, isic, se), value in zip(CP_SECTORS, theta, strict=True)
        if sector == key
    ]
    base: dict[str, object] = {"sector": key, "source": "caliendo_parro", "horizon": "long_run", "role": "source"}
    if not parts:
        note = "not tradable in Caliendo & Parro: their fallback of 8.22"
        return base | _value("theta", CP_FALLBACK, None, note)
    if any(se is None for _, _, se, _ in parts):
        return base | _value("theta", parts[0][1], None, "their fallback of 8.22 in T.txt, not an estimate")
    weight = sum(part[3] for part in parts)
    if weight <= 0:
        raise DataError(f"No US imports in the divisions of {key}.", "Check the concordance hs_sectors.csv.")
    mean = sum(value * share for _, value, _, share in parts) / weight
    se = sum((se or 0.0) ** 2 * share**2 for _, _, se, share in parts) ** 0.5 / weight
    return base | _value("theta", mean, se, " and ".join(part[0] for part in parts) + " in Caliendo & Parro")


def _pooled_rows(key: str) -> tuple[dict[str, object], ...]:
    blp, fgkk = "boehm_levchenko_pandalai_nayar", "fajgelbaum_et_al"
    short = "one year after a change of MFN tariffs (h = 1), all goods"
    long = "7-10 years after (1.75 to 2.25); standard error of h = 10 (estimate 2.12), all goods"
    fgkk_note = "US tariffs of 2018-19, substitution between origins, monthly; comparator, not drawn"
    convention = "tariff_exclusive_value"
    return (
        {"sector": key, "source": blp, "horizon": "up_to_a_year", "role": "source"}
        | _value(convention, *BLP_SHORT, short),
        {"sector": key, "source": fgkk, "horizon": "up_to_a_year", "role": "comparator"}
        | _value(convention, *FGKK, fgkk_note),
        {"sector": key, "source": blp, "horizon": "long_run", "role": "source"}
        | _value(convention, *BLP_LONG, long),
    )


def _value(convention: str, value: float, se: float | None, note: str) -> dict[str, object]:
    estimated = se is not None
    return {
        "convention": convention,
        "value": value,
        "standard_error": se,
        "estimated": estimated,
        "note": note,
    }


def _value_by_isic(by_code: pl.DataFrame) -> dict[str, float]:
    """US imports for consumption by ISIC division, USD."""
    division = _isic_of(by_code["hs6"].to_list())
    total: dict[str, float] = {}
    for hs6, value in by_code.sort("hs6").iter_rows():
        total[division[hs6]] = total.get(division[hs6], 0.0) + value
    return total


def _isic_of(codes: list[str]) -> dict[str, str]:
    table = {row["hs"]: row["isic"] for row in rows("hs_sectors.csv", ("hs", "isic"))}
    found = {hs6: next((table[hs6[:n]] for n in (6, 4, 2) if hs6[:n] in table), None) for hs6 in codes}
    missing = sorted(hs6 for hs6, isic in found.items() if isic is None)
    if missing:
        raise UnknownCode(f"No ISIC division for HS {', '.join(missing[:5])}.", "Add it to hs_sectors.csv.")
    return {hs6: isic for hs6, isic in found.items() if isic is not None}


def _read_theta(path: Path) -> list[float]:
    theta = [float(line) for line in _present(path).read_text(encoding="utf-8").split()]
    if len(theta) != len(CP_SECTORS):
        raise UnreadableInput(
            f"{path} has {len(theta)} values, not {len(CP_SECTORS)}.", "Use the article's T.txt."
        )
    return theta


def _imports(year: int) -> str:
    return f"us-imports/us_imports_htsus10_country_{year}.csv.gz"


def _present(path: Path) -> Path:
    if not path.is_file():
        raise UnreadableInput(f"{path} does not exist.", "Point --sources to the folder of source data.")
    return path


def _check_columns(path: Path, table: pl.DataFrame, expected: list[str]) -> None:
    if table.columns != expected:
        raise UnreadableInput(f"{path} has columns {table.columns}, not {expected}.", "Update the reader.")
