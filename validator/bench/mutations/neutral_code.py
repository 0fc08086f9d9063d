"""x"""
ENTRIES = []
