"""Where one machine is outgrown: observations travel over a bus or a cluster, divided by shards, and the same kernel judges them."""
