"""Messages to telephones: one small protocol over HTTP, a folder for another program, and none."""
