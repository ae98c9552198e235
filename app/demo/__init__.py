"""The example programme: its content as data, made by the application's own actions over the past 18 months."""

from app.demo.programme import is_loaded, load

__all__ = ["is_loaded", "load"]
