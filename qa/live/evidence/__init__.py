"""What a red check leaves behind to be read: its calls, what they lead to, and the run's report."""
