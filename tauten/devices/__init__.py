"""What is aimed at the skin: devices as published, the exposures they give, and how they cool."""
