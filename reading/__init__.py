"""Floor of the reading room: books, copies, loans, corners, plans."""
