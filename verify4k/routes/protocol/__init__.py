"""What routes share: the profile of a provider, the bodies that are sent and the answers that come back."""
