"""How the sources' names of items and destinations map to Headway's keys."""

from __future__ import annotations

from headway.errors import DataError

ITEMS = {
    "automobiles": "cars",
    "wireless_devices": "wireless",
    "secondary_batteries": "batteries",
    "agrifood": "agri_food",
    "automobiles_and_parts": "cars_and_parts",
}
"""Published names that differ from the readers' items; other names are kept."""

DESTINATIONS = {
    "US": "USA",
    "China": "CHN",
    "EU": "EUU",
    "India": "IND",
    "Japan": "JPN",
    "Hong Kong": "HKG",
    "Taiwan": "TWN",
    "ASEAN": "ASEAN",
    "Middle East": "middle_east",
    "CIS": "CIS",
    "Vietnam": "VNM",
    "Latin America": "latin_america",
}


def item(name: str) -> str:
    """Headway's key of a published item."""
    return ITEMS.get(name, name)


def destination(name: str) -> str:
    """ISO3 or group key of a published destination; raises DataError for one not in the table."""
    if name not in DESTINATIONS:
        raise DataError(f"Destination {name!r} has no key.", "Add it to DESTINATIONS in outlook/build/names.py.")
    return DESTINATIONS[name]


def canonical(kind: str, name: str) -> str:
    """Key of a published series of any kind."""
    if kind == "item":
        return item(name)
    if kind == "destination":
        return destination(name)
    if kind == "item_x_destination":
        product, place = name.split(">")
        return f"{item(product)}>{destination(place)}"
    return name
