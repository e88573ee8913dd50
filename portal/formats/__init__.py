"""Dates as the pages write them, where Django's own way of a language is not ours."""
