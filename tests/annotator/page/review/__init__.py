"""Reviews on the page: sides, answers of ones own, what is stored."""
