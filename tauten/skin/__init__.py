"""What the skin is: its layers, where on the body, and what light and heat find there."""
