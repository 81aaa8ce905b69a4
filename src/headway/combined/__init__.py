"""Impact and outlook joined: what exports do in the coming halves, without the announced measures and with them.

`with_outlook(result)` adds the outlook to a result; `start` computes what needs no result while that is being made.
"""

from headway.combined.effects import EffectPath, effect_path
from headway.combined.part import AUTO, NONE, PlainOutlook, baseline, start, with_outlook

__all__ = ["AUTO", "NONE", "EffectPath", "PlainOutlook", "baseline", "effect_path", "start", "with_outlook"]
