"""The life of a mock: started and stopped, as decorator, context manager or fixture; the ``aws`` handle."""
