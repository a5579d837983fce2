UPDATE disk SET block = 0, budget = 0;
