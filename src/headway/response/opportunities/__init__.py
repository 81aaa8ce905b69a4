"""Where home can gain: trade that rivals' tariffs divert, potential that is not used, and fields of co-operation."""
