"""What renders the answers to questions other than "what is wrong": one module an answer."""
