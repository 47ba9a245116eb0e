"""policy: what differs by banner and year, as data.

Comes in: rule-books (`book.toml`) and the officials' sheets of units, schools, plans, zones, overflow lists and rosters.
Goes out: the book in force with its hash, the disclosure page without which no window opens, the address → school
look-up, and the answer to what parents ask first. Not here: any child, application or decision about one.
"""
