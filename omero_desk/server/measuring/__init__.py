"""The pixels that shapes cover, and statistics of them."""
