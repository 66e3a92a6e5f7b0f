"""What Peerpost remembers: people, threads, mail on its way, and what happened."""
