"""The brief: charts and documents from a result. No computation."""

from headway.brief.sentences import headline
from headway.brief.writing import FORMATS, write

__all__ = ["FORMATS", "headline", "write"]
