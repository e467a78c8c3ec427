"""Running a session: the pure engine, the hub that stores it, and the screens that show it."""
