"""Starts and stops the lab. Standard library only: it runs before anything is installed."""
