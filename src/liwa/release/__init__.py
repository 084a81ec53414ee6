"""What goes out to others: the data card of the corpus."""
