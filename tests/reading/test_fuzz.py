"""Any text in: records with exact quotes out, or one of Headway's own errors."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.reading import read_text

PIECES = [
    "tariff", "tariffs of", "duties", "25%", "from 10% to 20%", "50 to 10 percent", "-3%", "zero", "up to 60 percent",
    "on", "from", "Chinese goods", "steel and aluminum", "the United States", "Japan (25%)", "EU", "will impose",
    "threatened", "may", "paused", "until July 9", "99999999999999999999%", "export controls on", "quota", "ban", "(",
    ")", ";", ",", ".", ":", "—", "- ", "\n", "\n\n", "SOURCE: x", "“", "”", "U.S.", "$", "$3 billion", "in 2024",
    "exports rose", "expected to", "2024-13-45", "February 30", "한국산 철강에 25% 관세를 부과했다.", "검토", "수출은",
    "12억 달러", "증가한", "\u00a0", "\ufeff", "🙂", "İ", "ß", "٣%", "Ⅻ%", "²%", "1,2,3,4%", "Section 232 to 25%",
    "to be sold", "requiring 25% of", "no tariffs", "if", "unless", "and", "while", "which", "Trump", "Beijing",
]  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=40),
    st.sampled_from([" ", "", "  "]),
)
def test_any_text_gives_exact_quotes_or_a_headway_error(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    try:
        document = read_text(text, name="fuzz", date=dt.date(2025, 4, 4))
    except HeadwayError as error:
        assert error.fix  # noqa: PT017
        return
    for measure in document.measures:
        quote = measure.evidence
        assert quote is not None
        assert document.text[quote.start : quote.end] == quote.text
        for rate in (measure.rate_low, measure.rate_high):
            assert rate is None or 0 <= rate <= 10_000


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_arbitrary_unicode(text: str) -> None:
    try:
        document = read_text(
            "Washington imposed a 25% tariff on steel. " + text, name="fuzz", date=dt.date(2025, 4, 4)
        )
    except HeadwayError as error:
        assert error.fix  # noqa: PT017
        return
    assert document.records
