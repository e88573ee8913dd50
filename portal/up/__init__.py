"""The whole portal in one terminal: engines, web, workers and the sandbox, and then the demonstration."""
