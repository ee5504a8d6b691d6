"""Every body of the REST API, each as one type; the OpenAPI document is made from them."""
