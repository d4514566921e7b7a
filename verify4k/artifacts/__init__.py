"""What is really there: lazy facts of one file, each computed once, on demand."""
