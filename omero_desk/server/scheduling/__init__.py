"""Who works when: calls of all sessions share the threads, the processor, memory and the one writer fairly."""
