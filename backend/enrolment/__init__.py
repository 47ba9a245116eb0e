"""入学登记: applications and their life cycle; one child has one live registration in the whole prefecture."""
