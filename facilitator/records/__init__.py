"""What is kept: attendance, the progress note, the timeline and its review."""
