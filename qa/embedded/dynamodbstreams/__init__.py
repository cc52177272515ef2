"""DynamoDB Streams: moto's, for the administrator."""
