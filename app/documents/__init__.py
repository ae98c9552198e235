"""What leaves as a document: feeds and tables; built from queries, never from a request."""
