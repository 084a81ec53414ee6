"""The lead of a team on the page, and a team at work."""
