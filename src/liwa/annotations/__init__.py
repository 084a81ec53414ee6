"""Second stage: tasks out of articles, gold out of answers, and what is wrong with it."""
