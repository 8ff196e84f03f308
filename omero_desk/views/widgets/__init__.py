"""The widgets that know no feature: any view may use them."""
