"""What a person or a program may send: parsed and checked at the border."""
