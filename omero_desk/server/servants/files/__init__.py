"""The services about files, repositories, imports, tables and scripts."""
