"""What a claim is, when it may be said plainly, how it reads as a sentence, and which passages claims cover."""
