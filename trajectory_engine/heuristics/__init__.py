"""First plans in milliseconds."""
