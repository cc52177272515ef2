"""The pytest plugin: options, markers and fixtures that call the library; nothing heavy at import."""
