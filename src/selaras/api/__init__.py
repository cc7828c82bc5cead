"""API v1: read only, through the same queries and access as the pages. Described by /api/openapi.json."""
