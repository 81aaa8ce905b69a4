"""What WTO rules may touch in a design: questions for lawyers with the article, raised before anything is costed."""

from __future__ import annotations

from headway.policy.records import Record
from headway.response.support.rules import Instrument, Rules


class Flag(Record):
    """A question that a design raises: the instrument, the article, and what gives rise to it."""

    instrument: str
    article: str
    question: str
    because: str


def raise_flags(rules: Rules) -> tuple[Flag, ...]:
    """Every question that a rule set raises, from its terms alone (METHODS section 6); no verdicts."""
    return tuple(flag for one in rules.instruments for flag in _of_instrument(one))


def _of_instrument(one: Instrument) -> list[Flag]:
    return [*_export_contingent(one), *_insurance_and_credit(one), *_local_content(one), *_specific(one)]


def _export_contingent(one: Instrument) -> list[Flag]:
    """SCM 3.1(a) with footnote 4: contingent on export performance in law or in fact."""
    made = []
    thresholds = [each for each in one.eligibility.any_of if each.min_exports_usd or each.min_us_exports_usd]
    if thresholds:
        words = ", or ".join(each.in_words for each in thresholds)
        made.append(
            Flag(
                instrument=one.id,
                article="SCM 3.1(a) and footnote 4",
                question="Is it contingent, in law or in fact, on export performance, as a prohibited subsidy is?",
                because=f"eligibility needs {words}",
            )
        )
    if one.cost.share_of_us_exports > 0:
        made.append(
            Flag(
                instrument=one.id,
                article="SCM 3.1(a) and footnote 4",
                question="Does an amount that grows with exports make the grant contingent on them in fact?",
                because=f"the amount grows with exports to the market ({one.cost.share_of_us_exports:.1%} of them)",
            )
        )
    return made


def _insurance_and_credit(one: Instrument) -> list[Flag]:
    """Annex I(j) and (k): insurance below long-term cost, credit below the cost of funds."""
    if one.kind == "export_insurance" and not one.premium_covers_cost:
        question = (
            "Are premiums inadequate to cover long-term operating costs and losses, as in an export subsidy?"
        )
        return [_annex(one, "SCM Annex I(j)", question, "the premium does not cover its cost")]
    if one.kind == "credit" and not one.premium_covers_cost:
        question = "Is export credit given below the cost of funds, or for an advantage, as in an export subsidy?"
        return [_annex(one, "SCM Annex I(k)", question, "the rate does not cover the cost of funds")]
    return []


def _annex(one: Instrument, article: str, question: str, because: str) -> Flag:
    return Flag(instrument=one.id, article=article, question=question, because=because)


def _local_content(one: Instrument) -> list[Flag]:
    """SCM 3.1(b): contingent on the use of domestic over imported goods."""
    if not one.requires_domestic_inputs:
        return []
    question = "Is it contingent on using domestic over imported goods, as a prohibited subsidy is?"
    return [_annex(one, "SCM 3.1(b)", question, "it needs inputs from suppliers at home")]


def _specific(one: Instrument) -> list[Flag]:
    """SCM 2 with 5–6: specific to industries or regions, hence actionable if it hurts other members."""
    made = []
    if one.eligibility.items:
        question = "Is it specific to some industries, and so actionable where it causes adverse effects?"
        because = f"only for {', '.join(one.eligibility.items)}"
        made.append(_annex(one, "SCM 2.1, 5 and 6", question, because))
    if one.eligibility.regions:
        question = "Is it limited to firms in some regions, and so specific and actionable?"
        because = f"only in {', '.join(one.eligibility.regions)}"
        made.append(_annex(one, "SCM 2.2, 5 and 6", question, because))
    return made
