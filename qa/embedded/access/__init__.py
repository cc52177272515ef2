"""Access: the judge in the path of a request, which knows who calls and what the request needs."""
