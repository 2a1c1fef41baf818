"""Facts and rules to firings: strata, the durable-rules backend and the reference backend."""
