UPDATE disk SET name = '-rf /' || char(27) || '[2J' WHERE id = 0; UPDATE disk SET name = '' WHERE id = 5;
