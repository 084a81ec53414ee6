"""Relations on the page: geometry, drawing, and how they are made and changed."""
