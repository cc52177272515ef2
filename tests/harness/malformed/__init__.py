"""Malformed requests to every modelled operation, made from the services' models."""
