process.stderr.write("exits-at-once: cannot read /etc/exits-at-once/licence.key\n");
process.exit(3);
