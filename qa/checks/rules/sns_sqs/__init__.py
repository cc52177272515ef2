"""Rules for SNS and SQS."""
