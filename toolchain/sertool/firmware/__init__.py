"""From an integer graph to C: packed weights, memory plan, rendered sources, projects and images."""
