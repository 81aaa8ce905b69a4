"""The embedded world: the baseline economy, the US market by product, elasticities, and the catalogue of sources."""

from headway.world.economy import VARIANTS, World, building_notes, flow_status, load
from headway.world.miniature import miniature
from headway.world.regions import REGIONS, region_name, region_of
from headway.world.stored import read, write

__all__ = [
    "REGIONS",
    "VARIANTS",
    "World",
    "building_notes",
    "flow_status",
    "load",
    "miniature",
    "read",
    "region_name",
    "region_of",
    "write",
]
