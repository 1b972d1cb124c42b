"""The pages, one module a subject. Each endpoint takes a visit that the doors let in and gives a response."""
