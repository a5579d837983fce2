DROP TABLE side_setting;
