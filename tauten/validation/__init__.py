"""What the papers and exact solutions say, beside what Tauten computes; `tauten verify` runs every case."""
