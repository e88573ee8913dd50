"""The one visit: centres and their windows, appointments, and who came."""
