"""CloudFormation of the embedded AWS: validation, life cycle and events as the service has them."""
