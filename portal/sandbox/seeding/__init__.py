"""Makes up the world: from one seed word always the same people, businesses and records of the registers."""
