"""Long work over many small items: in order, over many processes, under little memory, and to be gone on with."""
