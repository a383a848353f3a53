"""Measurements beside the yardstick: each in a scratch database, in processes of its own."""
