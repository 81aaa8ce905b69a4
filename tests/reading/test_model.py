"""The optional language model: one request, a strict gate, nothing secret sent, off by default."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import pytest

from headway.errors import DataError
from headway.reading import read_text
from headway.reading.model import Endpoint, endpoint, gate, second_reading

DOCUMENT = read_text(
    "Trump imposed a 25 percent tariff on steel, and India scrapped its duty on lentils.", date=dt.date(2025, 4, 4)
)
TO = Endpoint("http://localhost:1/v1", "small", "key")
GOOD = {
    "imposer": "USA",
    "instrument": "tariff",
    "stage": "in_force",
    "partners": ["ALL"],
    "products": ["steel"],
    "rate_low": 25,
    "rate_high": 25,
    "evidence": "imposed a 25 percent tariff on steel",
}
REMOVAL = {
    "imposer": "IND",
    "instrument": "tariff",
    "stage": "removed",
    "direction": "liberalise",
    "partners": [],
    "rate_low": 0,
    "rate_high": 0,
    "evidence": "India scrapped its duty on lentils",
}


def _answer(*records: Mapping[str, Any]) -> bytes:
    content = json.dumps({"measures": list(records)})
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def test_off_by_default() -> None:
    assert endpoint({}) is None
    assert endpoint({"HEADWAY_LLM_URL": "u", "HEADWAY_LLM_MODEL": "m"}) == Endpoint("u", "m", "")


def test_one_request_with_a_schema_and_the_text_as_data() -> None:
    sent: list[tuple[str, Mapping[str, str], bytes]] = []

    def transport(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        sent.append((url, headers, body))
        return _answer(GOOD)

    gated = second_reading(DOCUMENT, TO, transport=transport)
    ((url, headers, body),) = sent
    request = json.loads(body)
    assert url == "http://localhost:1/v1/chat/completions"
    assert headers["Authorization"] == "Bearer key"
    assert request["response_format"]["type"] == "json_schema"
    assert json.loads(request["messages"][1]["content"]) == {"text": DOCUMENT.text}
    (measure,) = gated.measures
    assert measure.origin == "language_model"
    assert measure.evidence is not None
    assert DOCUMENT.text[measure.evidence.start : measure.evidence.end] == GOOD["evidence"]


def test_zero_by_removal_passes() -> None:
    assert [one.rate_high for one in gate(DOCUMENT, [REMOVAL]).measures] == [0]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"evidence": "imposed a 25 percent tariff on copper"}, "does not stand in the text"),
        ({"evidence": ""}, "does not stand in the text"),
        ({"rate_high": 30}, "rate_high = 30"),
        ({"rate_low": 0}, "rate_low = 0"),
        ({"stage": "certain"}, "stage"),
    ],
)
def test_what_the_text_does_not_prove_is_refused(change: dict[str, Any], why: str) -> None:
    gated = gate(DOCUMENT, [GOOD | change])
    assert gated.measures == ()
    assert why in gated.refused[0]


def test_secret_texts_are_never_sent() -> None:
    def transport(*_: object) -> bytes:
        raise AssertionError("sent")

    with pytest.raises(DataError, match="negotiation-secret"):
        second_reading(DOCUMENT, TO, labels=["negotiation-secret"], transport=transport)


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"choices": [{"message": {"content": "no"}}]}', _answer()[:-9]])
def test_an_answer_that_is_no_list_is_named(answer: bytes) -> None:
    with pytest.raises(DataError, match="no list"):
        second_reading(DOCUMENT, TO, transport=lambda *_: answer)
