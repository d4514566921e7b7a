"""Where a picture came from: the ledger, C2PA, the mark of placeholders, statements about files."""
