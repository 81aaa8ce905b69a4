"""Connectors: answers in the services' own layout, given by a plain function."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from headway.errors import DataError, UnreadableInput
from headway.outlook import connectors, months

FIXTURES = Path(__file__).parent / "fixtures"


class Recorder:
    """A fetcher that gives one answer and keeps the URLs."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.urls: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.urls.append(url)
        return self.answer


def _customs() -> bytes:
    return (FIXTURES / "customs_nitemtrade.xml").read_bytes()


def test_customs_sums_the_ten_digit_rows_and_skips_totals() -> None:
    fetch = Recorder(_customs())
    panel = connectors.customs_exports("8542", "2024-01", "2024-02", key="secret", fetch=fetch)
    usa = panel.get("destination", "USA")
    assert usa.values == pytest.approx([0.04, 0.044])
    assert usa.start == months.month("2024-01")
    assert panel.get("destination", "VNM").values == pytest.approx([0.02, 0.021])
    # Mexico has no exports in February: left out and named.
    assert panel.notes == ("Without exports in some month and left out: MEX.",)
    query = parse_qs(urlsplit(fetch.urls[0]).query)
    assert query == {"serviceKey": ["secret"], "strtYymm": ["202401"], "endYymm": ["202402"], "hsSgn": ["8542"]}


def test_customs_asks_a_year_at_a_time() -> None:
    fetch = Recorder(_customs())
    connectors.customs_exports("8542", "2022-01", "2024-02", key="k", fetch=fetch, country="US")
    spans = [parse_qs(urlsplit(url).query) for url in fetch.urls]
    assert [(s["strtYymm"][0], s["endYymm"][0]) for s in spans] == [
        ("202201", "202212"),
        ("202301", "202312"),
        ("202401", "202402"),
    ]
    assert spans[0]["cntyCd"] == ["US"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"SERVICE KEY IS NOT REGISTERED", "other than XML"),
        (
            b"<OpenAPI_ServiceResponse><cmmMsgHeader><returnAuthMsg>SERVICE_KEY_IS_NOT_REGISTERED_ERROR</returnAuthMsg>"
            b"<returnReasonCode>30</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>",
            "refused .30.: SERVICE_KEY",
        ),
        (_customs().replace(b"expDlr", b"exportUsd"), "no expDlr"),
    ],
)
def test_customs_answers_of_another_kind_are_named(answer: bytes, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        connectors.customs_exports("8542", "2024-01", "2024-02", key="k", fetch=Recorder(answer))


def test_no_exports_at_all_is_said() -> None:
    empty = b"<response><header><resultCode>00</resultCode></header><body><items/></body></response>"
    with pytest.raises(DataError, match="no exports of HS 0101"):
        connectors.customs_exports("0101", "2024-01", "2024-02", key="k", fetch=Recorder(empty))


def test_comtrade_rows_become_series_in_usd_bn() -> None:
    fetch = Recorder((FIXTURES / "comtrade_monthly.json").read_bytes())
    panel = connectors.comtrade_exports(410, "8703", "2024-01", "2024-02", key="k", partners=(0, 842), fetch=fetch)
    assert panel.total is not None
    assert panel.total.values == pytest.approx([5.9, 4.9])
    assert panel.get("destination", "USA").values == pytest.approx([3.1, 2.6])
    query = parse_qs(urlsplit(fetch.urls[0]).query)
    assert query["period"] == ["202401,202402"]
    assert query["flowCode"] == ["X"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"<html>", "other than JSON"),
        (
            b'{"statusCode": 401, "message": "Access denied due to invalid subscription key."}',
            "invalid subscription",
        ),
        (b'{"data": [{"period": "202401"}]}', "no partnerISO"),
    ],
)
def test_comtrade_answers_of_another_kind_are_named(answer: bytes, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        connectors.comtrade_exports(410, "8703", "2024-01", "2024-01", key="k", fetch=Recorder(answer))


def test_an_unreachable_host_is_named_without_the_key() -> None:
    with pytest.raises(UnreadableInput, match="gave no answer") as caught:
        connectors.over_http("http://127.0.0.1:9/path?serviceKey=secret")
    assert "secret" not in str(caught.value)
