"""Tariff law as data: what a product owes on a day, the whole stack with its citations, and what is not known."""

from headway.tariffs.answers import history, rate, rivals
from headway.tariffs.batch import BatchReport, batch
from headway.tariffs.instruments import Provision, Rulebook, read_authority, rulebook
from headway.tariffs.lookup import rate_entry
from headway.tariffs.overlay import overlay
from headway.tariffs.records import Answer, Change, Claims, Entry, Layer, Missing, Option, Rating, Rival
from headway.tariffs.search import Candidate, find

__all__ = [
    "Answer",
    "BatchReport",
    "Candidate",
    "Change",
    "Claims",
    "Entry",
    "Layer",
    "Missing",
    "Option",
    "Provision",
    "Rating",
    "Rival",
    "Rulebook",
    "batch",
    "find",
    "history",
    "overlay",
    "rate",
    "rate_entry",
    "read_authority",
    "rivals",
    "rulebook",
]
