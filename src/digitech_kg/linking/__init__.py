"""Linking things to other data sets: names looked up for other programs, links proposed, facts fetched."""
