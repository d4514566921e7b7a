"""What an option's value may be: text as written -> a typed value, or a mistake with its place."""
