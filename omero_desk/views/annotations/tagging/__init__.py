"""Tags as such: new ones, the sets that they are in, and where they are dropped."""
