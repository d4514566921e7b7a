"""The promises that a page makes: what its HTML, CSS and JSON-LD say of pictures, with line and column."""
