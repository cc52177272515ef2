"""The rules, one folder per service; qa.checks.catalogue lists them."""
