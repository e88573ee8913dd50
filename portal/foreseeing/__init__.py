"""Foreseeing: made-up cases go through the real law on a made-up prefecture, to plan its windows and staff."""
