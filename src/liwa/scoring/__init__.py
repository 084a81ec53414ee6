"""Last stage: predictions are held against gold."""
