"""资料上传: photographs of papers. Comes in: any phone's picture. Goes out: a clean picture and a verdict. Not here: whether the paper is true."""
