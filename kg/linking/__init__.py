"""Mentions to things: which records are one paper, which entities one concept, which names one person."""
