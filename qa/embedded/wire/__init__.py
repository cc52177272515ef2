"""What goes over the wire: in which protocol a request came, and every error answer in that protocol."""
