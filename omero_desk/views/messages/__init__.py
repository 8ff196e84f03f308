"""What the user is told and asked: banners over the content, toasts, and the frame of dialogs."""
