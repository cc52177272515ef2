"""The rules for SNS and SQS."""
