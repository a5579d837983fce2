DELETE FROM catalog;
