"""Pages where people see them: fetched, followed on one site, and read as lists of promises."""
