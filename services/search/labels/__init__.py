"""Every value set of the platform with its Chinese names, for clients that show them."""
