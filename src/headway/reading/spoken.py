"""How measures other than duties are spoken of: one pattern each, with words that must occur at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.policy.records import Direction, Instrument, Stage
from headway.reading.lexicon import any_of

CUES: dict[str, tuple[str, ...]] = {
    "subsidy_removal": ("subsid", "tax credit", "incentive"),
    "export_licence": ("licens", "licenc"),
    "export_control": ("export control", "export restriction", "export curb", "export ban"),
    "no_export_limits": ("refrain",),
    "export_freed": ("export",),
    "tariff_barriers": ("tariff barriers",),
    "import_ban": ("ban", "prohibit", "block", "importation"),
    "sales_ban": ("sale",),
    "quota": ("quota", "cap"),
    "duty_free_quota": ("duty-free",),
    "sales_requirement": ("to be sold",),
    "minimum_price": ("minimum",),
    "offset": ("offset",),
    "anti_coercion": ("coercion",),
    "barriers": ("barrier", "regulat", "licens", "licenc", "requirement", "restriction"),
    "standards": ("accept", "standards"),
    "market_access": ("access",),
    "de_minimis": ("de minimis",),
    "investigation": ("investigat", "probe", "inquir"),
    "sanctions": ("sanction",),
    "tariff_free": ("tariff-free", "duty-free"),
    "arrangement": ("negotiat",),
}
"""Words without which a pattern need not be tried, by the first part of its name."""


_GOODS = r"(?P<goods>[^.;:]{3,200})"
ENDING = any_of("abolish", "ease") + r"|\b(?:elimination|removal|abolition|withdrawal|repeal|rollback|end) of\b"
_EASE = (
    any_of("ease")
    + r"|\b(?:address\w*(?: and prevent\w*)?|streamlin\w*|relax\w*|simplif\w*|resolv\w*|prevent\w*)\b"
)
_BARRIERS = (
    r"(?:non-?tariff |trade |market access |technical )*(?:barriers|regulatory (?:burdens?|requirements?|"
    r"approvals?|barriers)|import licen[cs](?:es?|ing)|"
    r"halal (?:\w+ ){0,3}requirements|certification requirements|inspection requirements|restrictions)"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one instrument is spoken of: `words` finds it, its group `goods` the goods; `needs_goods` asks for named
    ones; `stage` is fixed where the words themselves say it; `targeted` is False where no exporter is hit."""

    name: str
    instrument: Instrument
    words: re.Pattern[str]
    direction: Direction = "restrict"
    needs_goods: bool = False
    targeted: bool = True
    stage: Stage | None = None

    def possible(self, lowered: str) -> bool:
        """True if the words without which the pattern cannot match occur."""
        return any(cue in lowered for cue in CUES[self.name.split(".")[0]])


def _re(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


PATTERNS = (
    Pattern(
        "subsidy_removal",
        "subsidy_removal",
        _re(
            rf"(?:{ENDING})(?! Act)(?:\s[^\s;]+){{0,7}}?\s(?:subsid(?:y|ies)|tax credits?|purchase "
            rf"incentives?)\b(?: (?:for|to|on) {_GOODS})?"
        ),
        targeted=False,
    ),
    Pattern(
        "export_licence",
        "export_licensing",
        _re(rf"\bexport licen[cs](?:es?|ing)(?: requirements?| restrictions?| controls?)? (?:for|on|of) {_GOODS}"),
    ),
    Pattern(
        "export_control",
        "export_control",
        _re(
            rf"\b(?:impos\w+|plac\w+|tighten\w*|expand\w*|announc\w+|lift\w*|eas\w+|suspend\w*|introduc\w+|"
            rf"adds?|added|adding)\b[^.;]{{0,40}}?\bexport (?:controls?|restrictions?|curbs?|bans?)"
            rf"(?: (?:on|of|for|over) {_GOODS})?|\bexport (?:controls?|restrictions?|curbs?|bans?) (?:are |on "
            rf"{_GOODS.replace('goods', 'goods2')})"
        ),
    ),
    Pattern(
        "export_freed",
        "export_control",
        _re(
            rf"(?:{ENDING})(?: \w+){{0,2}} (?:restrictions|limits|controls|bans|quotas) on (?:the "
            rf")?exports?[^.;]{{0,40}}? of "
            rf"{_GOODS}"
        ),
        "liberalise",
    ),
    Pattern(
        "no_export_limits",
        "export_control",
        _re(
            rf"\brefrain\w* from (?:banning|restricting|imposing)[^.;]{{0,40}}?\bexports\b[^.;]{{0,40}}? of "
            rf"{_GOODS}"
        ),
        "maintain",
    ),
    Pattern(
        "import_ban",
        "import_ban",
        _re(
            r"\b(?:ban(?:s|ned|ning)?|prohibit(?:s|ed|ing)?|block(?:s|ed|ing)?) (?:on )?(?:all |the |certain |"
            r"any )?(?:imports?|importation|entry) of "
            rf"{_GOODS}"
        ),
    ),
    Pattern("import_ban.noun", "import_ban", _re(rf"\bimport bans? on {_GOODS}")),
    Pattern("import_ban.list", "import_ban", _re(rf"^(?:The )?importation into the [\w․ ]+? of {_GOODS}")),
    Pattern(
        "import_ban.goods",
        "import_ban",
        _re(r"\bban(?:s|ned)? (?:all )?(?:\w+ ){1,3}?(?:exports|imports) from\b[^.;,]*"),
    ),
    Pattern(
        "sales_ban",
        "sales_ban",
        _re(rf"\b(?:ban(?:s|ned|ning)?|prohibit(?:s|ed|ing)?) (?:on )?(?:the )?sales? of {_GOODS}"),
    ),
    Pattern(
        "quota",
        "quota",
        _re(rf"\b(?:import |export )?(?:quotas?|(?:[\d,]+[- ]unit )?caps?) on {_GOODS}"),
        needs_goods=True,
    ),
    Pattern(
        "quota.wider",
        "quota",
        _re(
            r"\b(?:expan\w+|increas\w+|rais\w+|enlarg\w+) (?:of |in )?(?:the |its )?(?:\w+ )?(?:import |"
            r"tariff-rate )?quotas?\b[^.;,]{0,60}"
        ),
        "liberalise",
    ),
    Pattern(
        "duty_free_quota",
        "tariff_rate_quota",
        _re(r"\bduty-free (?:importation|imports?|access|quota)[^.;]{0,90}?\b(?:volumes?|quotas?|tonnes|tons)\b"),
        "liberalise",
    ),
    Pattern(
        "sales_requirement",
        "domestic_sales_requirement",
        _re(r"\brequir\w+ \d[\d․.]*\s?(?:%|percent) of (?P<goods>[^;]{3,160}?)\bto be sold\b[^;]*"),
        targeted=False,
    ),
    Pattern(
        "minimum_price",
        "non_tariff_measure",
        _re(rf"\bminimum (?:import )?prices?(?: program(?:me)?| scheme| mechanism)?(?: (?:on|for) {_GOODS})?"),
    ),
    Pattern(
        "offset",
        "tariff_offset",
        _re(r"\b(?:tariff|duty|import adjustment) offsets?(?: program(?:me)?| scheme)?[^.;,]{0,50}"),
        "liberalise",
        targeted=False,
    ),
    Pattern(
        "anti_coercion",
        "anti_coercion_instrument",
        _re(r"\banti-coercion (?:instrument|tool|measures?)\b[^.;,]{0,60}"),
    ),
    Pattern(
        "barriers",
        "ntm_relaxation",
        _re(
            rf"(?:{_EASE})(?: \w+){{0,4}}? {_BARRIERS}(?: and approvals)? (?:to|on|for|affecting(?: trade)? "
            rf"in|that [\w ]+? against) {_GOODS}"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "barriers.passive",
        "ntm_relaxation",
        _re(
            rf"\b{_BARRIERS} (?:to|on|for) (?P<goods>[^.;:]{{3,80}}?) (?:will|would|are to|shall) be "
            rf"{any_of('ease')}"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "standards",
        "ntm_relaxation",
        _re(rf"\baccept\w* {_GOODS}? (?:built|made|produced|certified|manufactured) to\b[^.;]{{3,80}}"),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "standards.passive",
        "ntm_relaxation",
        _re(r"\b(?P<goods>[^.;:]{3,40}?) standards will be (?:approved|accepted|recogni[sz]ed)\b[^.;]{0,30}"),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "market_access",
        "tariff",
        _re(
            rf"\b(?:provid|grant|giv|offer)\w* (?:\w+ )?(?:preferential|duty-free|tariff-free) (?:market "
            rf")?access (?:for|to) {_GOODS}"
        ),
        "liberalise",
    ),
    Pattern(
        "de_minimis",
        "tariff",
        _re(r"\b(?:clos\w+|end\w*|suspen\w+|eliminat\w+|remov\w+)[^.;]{0,30}?\bde minimis\b[^.;,]{0,60}"),
        stage=None,
    ),
    Pattern(
        "investigation",
        "investigation",
        _re(
            r"\b(?:initiat\w+|launch\w*|open(?:s|ed|ing)?|conduct\w*|start(?:s|ed|ing)?|begins?|beginning|"
            r"began)\b (?:an?|several|additional|new|other|two|three|four|five|"
            r"more|fresh|separate|anti-?dumping|section)\b(?:[\w -]{0,40}?)(?:investigations?|probes?|"
            r"inquir(?:y|ies))\b[^.;]{0,140}"
        ),
        stage="under_review",
    ),
    Pattern(
        "investigation.authority",
        "investigation",
        _re(r"\b(?:section \d{3}|its) (?:authority )?to investigate\b[^.;]{3,80}"),
        stage="under_review",
    ),
    Pattern(
        "sanctions",
        "sanction",
        _re(
            r"\b(?:impos\w+|announc\w+|tighten\w*|lift\w*|threaten\w*)\b[^.;]{0,40}?\bsanctions (?:on|"
            r"against) [^.;,]{3,80}"
        ),
    ),
    Pattern(
        "tariff_barriers",
        "tariff",
        _re(rf"(?:{ENDING})[^.;,]{{0,50}}?(?<!non-)\btariff barriers (?:for|on|to) {_GOODS}"),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "tariff_free",
        "tariff",
        _re(
            r"\b(?P<goods>[^.;:]{3,80}?) (?:will |would |shall |may |to )?(?:remain|continue|stay|(?<=will "
            r")be|(?<=shall )be)\w* "
            r"(?:tariff|duty)-free\b"
        ),
        "liberalise",
        needs_goods=True,
    ),
    Pattern(
        "arrangement",
        "trade_agreement",
        _re(
            r"\b(?:to |will |shall )?negotiat\w+\b[^.;]{0,40}?\b(?:arrangement|trade agreement|free trade "
            r"agreement|FTA)\b(?! (?:to|for) the [Ss]ection)[^.;]{0,60}"
        ),
        stage="negotiating",
    ),
)
