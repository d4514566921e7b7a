"""The network: addresses, one exchange, and the one door that requests leave by."""
