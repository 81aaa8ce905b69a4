"""The vocabulary: countries, groups, agreements, sectors, HS products and readers' items, English and Korean."""
