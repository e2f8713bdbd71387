"""The bodies of MultiTask: marshmallow in, structs out."""
