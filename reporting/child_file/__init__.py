"""One child, one file (一人一档): five dated sections of what is known to have been done, to look up or to print."""
