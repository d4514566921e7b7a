"""A local image API: checks requests as the published description says, and misbehaves on demand."""
