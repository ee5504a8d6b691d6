"""Browse experiments, trials and trial components, and edit what people write about them."""
