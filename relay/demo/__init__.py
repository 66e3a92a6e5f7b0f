"""`peerpost demo`: a few conversations through the real service on loopback."""
