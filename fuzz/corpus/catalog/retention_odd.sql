UPDATE catalog SET keep_within = 'soon', keep_hourly = -1;
