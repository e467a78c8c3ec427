"""Who: staff, groups and their members, and what each role may do."""
