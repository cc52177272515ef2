"""The rules, one module per concern; qa.checks.catalogue lists them."""
