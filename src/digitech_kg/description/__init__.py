"""Describe a dataset in `graph:catalog`: VoID, DCAT, saved questions and versions."""
