"""Files that people upload: checked by what they are, stored apart from the database, served with care."""
