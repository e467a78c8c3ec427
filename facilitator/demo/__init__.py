"""A sample clinic of plainly invented people, so that one person can try everything."""
