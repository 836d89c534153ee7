"""Pages of this room: joining, the links in mails, and one's own pages."""
