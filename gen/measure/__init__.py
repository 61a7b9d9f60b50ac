"""Measurements that take minutes: made by `make measure`, kept in measured/, read by the build."""
