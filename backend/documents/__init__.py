"""资料上传: photographs of papers.

Comes in: any phone's picture, or a hostile file. Goes out: the original sealed on disk, a clean picture made anew, and
a verdict with reasons within the minute. Not here: whether the paper is true (verification asks departments).
"""
