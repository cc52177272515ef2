"""One module per service: asks AWS one question per function, never judges.

A missing resource is an answer (None); a call that AWS denies or garbles is a ProbeError.
"""
