"""The law: what is decided, in pure Python, from what it is handed."""
