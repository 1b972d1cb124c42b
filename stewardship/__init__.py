"""The stewards' web app: who may, the cases, their pages."""
