"""Where it is kept: one database, its tables and their migrations."""
