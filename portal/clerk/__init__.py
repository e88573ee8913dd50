"""The desk: an officer's queue, one page a case, the visits of a day, and the stock admin for configuration."""
