"""Cards of stories, and what moderators see of feeds."""
