from hypothesis import settings

settings.register_profile("lang", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("lang")
