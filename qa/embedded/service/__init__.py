"""What a service of the embedded AWS says of itself, and what is made of that."""
