"""The embedded servers that the application starts: the demo library and folders of images."""
