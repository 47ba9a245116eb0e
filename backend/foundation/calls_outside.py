"""How services that we do not own are called: at the very address of the settings, and nowhere else."""

import requests


def straight_session() -> requests.Session:
    """A session that takes no proxy and no password from the environment and follows no redirection.

    What we send is about people: nobody in between sees it, and no answer hands it on to another address. A
    redirection is raised as `requests.TooManyRedirects`.
    """
    session = requests.Session()
    session.trust_env = False
    session.max_redirects = 0
    return session
