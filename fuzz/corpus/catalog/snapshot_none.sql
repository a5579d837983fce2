DELETE FROM snapshot;
