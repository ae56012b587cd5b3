"""Bots to compare with: each answers every message with one, and keeps nothing."""
