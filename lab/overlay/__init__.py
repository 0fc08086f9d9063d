"""Emulated AWS with the lifecycles that recovery depends on.

moto answers the protocol; what it leaves out is added here: nothing in stock moto ever leaves `available`, and a
promotion changes nothing. Every file documents the behaviour that it adds by AWS's own documentation.
"""
