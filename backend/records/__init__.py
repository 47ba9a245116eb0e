"""学籍采集: the national record's fields, checked and exported. Comes in: enrolled children with their class."""
