"""Relations between spans: where they are kept, which pairs are candidates, the model, the rule and the scores."""
