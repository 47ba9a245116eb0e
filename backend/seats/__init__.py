"""学位确定: the seat type and the order keys of a checked application, by the banner's rule-book."""
