"""Resource types of IAM, SNS, SQS and Logs, as a stack makes, changes and deletes them."""
