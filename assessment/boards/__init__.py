"""What the pages of leaders and office show of an assessed period; everything from its snapshot."""
