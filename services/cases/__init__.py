"""The cases room: applications, cases and their route, tasks, decisions, bills, attendances."""
