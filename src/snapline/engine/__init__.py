"""The engine: short durable workflows, the tick between them, and the one executor that runs both."""
