alter function api.post(uuid, int, jsonb) reset plan_cache_mode;
