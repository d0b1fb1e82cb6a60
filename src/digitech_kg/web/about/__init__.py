"""`/about`: what the dataset is, how to cite and how to use it."""
