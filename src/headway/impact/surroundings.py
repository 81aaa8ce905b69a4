"""What the US market by product takes from the world economy, and how strongly its buyers respond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.impact import general, product
from headway.impact.plan import FOCUS
from headway.world import World
from headway.world.elasticities import ElasticityDraws

Array = NDArray[np.float64]


def demand_elasticity(drawn: ElasticityDraws) -> Array:
    """Elasticity of demand for a product, home supply included [Q, G].

    Long run: 1, Cobb–Douglas as in the world-economy model. Up to a year: the drawn, lower one, so that scarce
    substitution between origins does not turn rivals' tariffs into home's loss.
    """
    return np.ones_like(drawn.substitution) if drawn.horizon == "long_run" else drawn.demand_by_product()


def surroundings(
    world: World, everything: general.GeneralDraws, alone: general.GeneralDraws
) -> product.Surroundings:
    """What the product level takes from the world economy."""
    at = world.region(FOCUS)
    own, spent = (1 + world.tariff[:, at, at]) * world.flow[:, at, at], world.expenditure[:, at]
    return product.Surroundings(
        sectors=world.sectors,
        regions=world.regions,
        domestic_share=np.divide(own, spent, out=np.zeros_like(own), where=spent > 0),
        seller_price=everything.seller_price,
        spending=everything.focus_spending,
        seller_price_without_home=alone.seller_price,
        spending_without_home=alone.focus_spending,
        members=world.places.members,
    )
