"""Persons, businesses, accounts, and who may act for whom."""
