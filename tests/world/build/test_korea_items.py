"""Published items that fix sectors' exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.errors import DataError, UnreadableInput
from headway.world.build import korea_items

HEAD = "period,kind,name,value,yoy_pct,source_url\n"


def test_items_add_up_to_sectors(shared_data: Path) -> None:
    totals = korea_items.sector_exports(korea_items.read(shared_data), 800.0)
    assert totals == pytest.approx(
        {"electronics": 191_020.0, "motor_vehicles": 93_340.0, "other_transport": 26_430.0}
    )


def test_a_missing_item_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no file"):
        korea_items.read(tmp_path)
    path = tmp_path / korea_items.FILE
    path.parent.mkdir()
    path.write_text(HEAD + "2024,item,semiconductors,141.92,43.9,x\n2023,item,ships,21.8,,x\n", encoding="utf-8")
    with pytest.raises(DataError, match="displays, computers, wireless_devices, automobiles, auto_parts, ships"):
        korea_items.read(tmp_path)
