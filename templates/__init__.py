"""Every sentence a person receives, and the one function that fills it in."""
