"""STS: moto's, whose sessions are the judge's callers (qa.embedded.iam)."""
