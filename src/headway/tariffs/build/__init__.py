"""Builder of the shipped tariff tables from the public sources: `python -m headway.tariffs.build --sources DIR`."""
