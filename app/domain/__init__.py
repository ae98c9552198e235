"""The rules of the process as plain Python: no database, no web, no library but the standard one."""
