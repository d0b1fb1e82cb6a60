"""Write a snapshot in the formats that other programs read."""
