"""What can be run: session plans and the curricula that order them."""
