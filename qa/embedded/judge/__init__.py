"""The judge: what policies, conditions and signatures say to a request; pure, and no service of its own."""
