"""What git knows: the index and its blobs, what a commit touches, Git LFS pointers."""
