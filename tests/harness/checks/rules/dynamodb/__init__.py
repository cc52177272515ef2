"""The rules for DynamoDB."""
