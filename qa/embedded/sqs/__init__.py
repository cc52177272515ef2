"""SQS: moto's, whose queues take only what policies and keys let in (qa.embedded.sns)."""
