"""Domain: from the first mention of a lead to a signed contract."""
